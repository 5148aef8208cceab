package io.isoline.translator.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.Secret;
import io.isoline.translator.ObjectRef;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class KnownKindTest {

  private static HasMetadata objectOf(KnownKind kind) {
    return new JsonMapper()
        .convertValue(Map.of("metadata", Map.of("name", "a")), kind.model());
  }

  @ParameterizedTest
  @EnumSource
  void row_ofEachKind_isWhatItsModelClassSays(KnownKind kind) {
    Class<? extends HasMetadata> model = kind.model();

    assertEquals(HasMetadata.getKind(model), kind.text());
    assertEquals(HasMetadata.getApiVersion(model), kind.apiVersion());
    assertEquals(HasMetadata.getPlural(model), kind.plural());
    assertEquals(Namespaced.class.isAssignableFrom(model), kind.isNamespaced());
    assertEquals(kind.text(), kind.toString());
  }

  @ParameterizedTest
  @EnumSource
  void older_ofEachKind_isOfTheModelClassesThere(KnownKind kind) {
    kind.older()
        .forEach(
            (version, model) -> {
              assertEquals(HasMetadata.getKind(model), kind.text());
              assertEquals(
                  version.substring(version.indexOf('/')),
                  HasMetadata.getApiVersion(model)
                      .substring(HasMetadata.getApiVersion(model).indexOf('/')));
            });
  }

  @Test
  void group_ofTheCore_isEmpty() {
    assertEquals("", KnownKind.SERVICE.group());
    assertEquals("discovery.k8s.io", KnownKind.ENDPOINT_SLICE.group());
  }

  @ParameterizedTest
  @CsvSource({
    "INGRESS, IngressRecord, default",
    "INGRESS_CLASS, IngressClassRecord, ''",
    "SERVICE, ServiceRecord, default",
    "ENDPOINT_SLICE, EndpointSliceRecord, default",
    "SECRET, SecretRecord, default",
    "CONFIG_MAP, ConfigMapRecord, default",
    "NAMESPACE, NamespaceRecord, ''",
  })
  void project_objectOfTheKind_isItsRecord(KnownKind kind, String record, String namespace) {
    assertTrue(kind.isTranslated());

    ClusterObject projected = kind.project(objectOf(kind), 0);

    assertEquals(record, projected.getClass().getSimpleName());
    assertEquals(new ObjectRef(kind, namespace, "a"), projected.ref());
  }

  @Test
  void project_endpoints_isRefused() {
    assertFalse(KnownKind.ENDPOINTS.isTranslated());
    assertThrows(
        IllegalStateException.class, () -> KnownKind.ENDPOINTS.project(new Endpoints(), 0));
  }

  @Test
  void project_objectOfAnotherKind_isRefused() {
    assertThrows(ClassCastException.class, () -> KnownKind.SERVICE.project(new Secret(), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "INGRESS, EVENTS_AND_STATUS",
    "INGRESS_CLASS, EVENTS",
    "SERVICE, EVENTS",
    "ENDPOINT_SLICE, NOTHING",
    "ENDPOINTS, NOTHING",
    "SECRET, EVENTS",
    "CONFIG_MAP, EVENTS",
    "NAMESPACE, EVENTS",
  })
  void reporting_ofEachKind_isAsInTheTable(KnownKind kind, Kind.Reporting reporting) {
    assertEquals(reporting, kind.reporting());
  }

  @ParameterizedTest
  @CsvSource({
    "SERVICE, a, true",
    "SERVICE, 1-a, true",
    "SERVICE, a.b, false",
    "SERVICE, -a, false",
    "SERVICE, A, false",
    "SERVICE, '', false",
    "SECRET, a.b-c.d, true",
    "SECRET, a..b, false",
    "SECRET, a-, false",
    "SECRET, ns/a, false",
    "CONFIG_MAP, a.b, true",
    "CONFIG_MAP, A, false",
  })
  void canBeNamed_names_isAsTheApiServerSays(KnownKind kind, String name, boolean can) {
    assertEquals(can, kind.canBeNamed(name));
  }

  @Test
  void canBeNamed_longNames_hasTheLimitOfTheKind() {
    assertTrue(KnownKind.SERVICE.canBeNamed("a".repeat(63)));
    assertFalse(KnownKind.SERVICE.canBeNamed("a".repeat(64)));
    assertTrue(KnownKind.SECRET.canBeNamed("a".repeat(253)));
    assertFalse(KnownKind.SECRET.canBeNamed("a".repeat(254)));
  }

  @ParameterizedTest
  @EnumSource
  void of_textOfAKnownKind_isThatKind(KnownKind kind) {
    assertSame(kind, Kind.of(kind.text()));
  }

  @Test
  void of_anotherText_isEqualWhenTheTextIs() {
    assertInstanceOf(OtherKind.class, Kind.of("ingress"));
    assertEquals(Kind.of("Pod"), Kind.of("Pod"));
    assertEquals("Pod", Kind.of("Pod").toString());
    assertEquals(Kind.Reporting.NOTHING, Kind.of("Pod").reporting());
  }

  @Test
  void otherKind_textOfAKnownKind_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new OtherKind("Ingress"));
  }
}
