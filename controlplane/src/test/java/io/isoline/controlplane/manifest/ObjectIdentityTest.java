package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectIdentityTest {

  private static Manifests object(String apiVersion, String kind) {
    return Reading.of(
        """
        apiVersion: %s
        kind: %s
        metadata:
          name: web
        """
            .formatted(apiVersion, kind));
  }

  @ParameterizedTest
  @CsvSource({
    "networking.k8s.io/v1,ingress,Ingress",
    "networking.k8s.io/v1,INGRESS,Ingress",
    "networking.k8s.io/v1,Ingresses,Ingress",
    "networking.k8s.io/v1,Ingres,Ingress",
    "v1,service,Service",
    "v1,secrets,Secret",
    "networking.k8s.io/v1,Ingressclass,IngressClass",
    "discovery.k8s.io/v1,Endpointslice,EndpointSlice",
  })
  void kind_misspelt_refusedWithTheRightSpelling(String version, String kind, String right) {
    var manifests = object(version, kind);
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("kind", verdict.field());
    assertEquals(right, verdict.object().kind().text());
    assertEquals("web", verdict.object().name());
    assertEquals("did you mean `kind: " + right + "`?", verdict.fix());
    assertEquals("2:7", Reading.at(manifests, verdict));
    assertEquals(List.of(), manifests.objects());
  }

  @ParameterizedTest
  @CsvSource({
    "extensions/v1,Ingress,networking.k8s.io/v1",
    "networking.k8s.io/v2,Ingress,networking.k8s.io/v1",
    "networking.k8s.io,Ingress,networking.k8s.io/v1",
    "networking.k8.io/v1,Ingress,networking.k8s.io/v1",
    "v1,Ingress,networking.k8s.io/v1",
    "networking.k8s.io/v1,Service,v1",
    "apps/v1,Secret,v1",
    "discovery.k8s.io/v1beta1,EndpointSlice,discovery.k8s.io/v1",
    "extensions/v1beta1,IngressClass,networking.k8s.io/v1",
  })
  void apiVersion_thatDoesNotExist_refusedWithWhatExists(
      String version, String kind, String right) {
    var manifests = object(version, kind);
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("apiVersion", verdict.field());
    assertEquals("1:13", Reading.at(manifests, verdict));
    assertTrue(verdict.fix().startsWith("write `apiVersion: " + right + "`"), verdict.fix());
    assertEquals(List.of(), manifests.objects());
  }

  @ParameterizedTest
  @CsvSource({
    "v1,ServiceAccount",
    "config.openshift.io/v1,Ingress",
    "serving.knative.dev/v1,Service",
    "traefik.io/v1alpha1,IngressRoute",
    "gateway.networking.k8s.io/v1,HTTPRoute",
  })
  void otherKinds_ignored(String version, String kind) {
    var manifests = object(version, kind);
    Verdict verdict = Reading.only(manifests, Reason.IgnoredKind);
    assertEquals(new ObjectRef(Kind.of(kind), "", "web"), verdict.object());
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertFalse(verdict.isFinding());
    assertEquals(1, manifests.verdicts().size());
  }

  @ParameterizedTest
  @CsvSource({
    "config.openshift.io/v1,Ingress,networking.k8s.io/v1",
    "networking.internal.knative.dev/v1alpha1,Ingress,networking.k8s.io/v1",
    "serving.knative.dev/v1,Service,v1",
    "secrets.example.com/v1,Secret,v1",
  })
  void kindOfAnotherGroup_bothGroupsAreNamed(String version, String kind, String ours) {
    assertEquals(
        "this " + kind + " is of " + version + "; Isoline reads those of " + ours,
        Reading.only(object(version, kind), Reason.IgnoredKind).message());
  }

  @Test
  void apiVersion_missing_namesTheRightOne() {
    var manifests = Reading.of("kind: Ingress\nmetadata: {name: web}\n");
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals(ObjectRef.file("test.yaml"), verdict.object());
    assertEquals("document[0]", verdict.field());
    assertEquals("add `apiVersion: networking.k8s.io/v1`", verdict.fix());
  }

  @ParameterizedTest
  @ValueSource(strings = {"replicas: 3\nimage: nginx\n", "- a\n- b\n", "just text\n"})
  void document_thatIsNoObject_refused(String text) {
    var manifests = Reading.of(text + "---\n" + Reading.service("web", 80));
    assertEquals("document[0]", Reading.only(manifests, Reason.InvalidValue).field());
    assertEquals(List.of("Service default/web"), Reading.names(manifests));
  }

  @Test
  void kind_withAnIndentedNextLine_refusedAndNotIgnored() {
    var manifests =
        Reading.of(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\n  oops\nmetadata: {name: web}\n");
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertTrue(verdict.message().contains("`Ingress oops`"), verdict.message());
    assertTrue(verdict.fix().startsWith("write `kind: Ingress`"), verdict.fix());
  }

  @Test
  void kustomization_ignored() {
    var manifests =
        new ManifestReader().readText("dir/kustomization.yaml", "resources: [a.yaml]\n");
    assertEquals("Kustomization", Reading.only(manifests, Reason.IgnoredKind).object().kind().text());
  }

  static List<Arguments> nameless() {
    return List.of(
        Arguments.of("apiVersion: v1\nkind: Service\n", "1:1"),
        Arguments.of("apiVersion: v1\nkind: Service\nmetadata: {}\n", "3:11"),
        Arguments.of("apiVersion: v1\nkind: Service\nmetadata: {name: ''}\n", "3:11"));
  }

  @ParameterizedTest
  @MethodSource("nameless")
  void name_missing_refused(String text, String at) {
    var manifests = Reading.of(text);
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("document[0].metadata.name", verdict.field());
    assertEquals("the Service has no name", verdict.message());
    assertEquals(at, Reading.at(manifests, verdict));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "~", "''", ""})
  void name_nothing_isRefusedWhateverTheKind(String name) {
    for (KnownKind kind : KnownKind.values()) {
      var manifests =
          Reading.of(
              "apiVersion: %s\nkind: %s\nmetadata: {name: %s}\n"
                  .formatted(kind.apiVersion(), kind.text(), name));
      assertEquals(List.of(), manifests.objects());
      assertTrue(
          manifests.verdicts().stream()
              .anyMatch(verdict -> verdict.message().equals("the " + kind + " has no name")),
          () -> manifests.verdicts().toString());
    }
  }

  @Test
  void generateName_refused() {
    var manifests = Reading.of("apiVersion: v1\nkind: Service\nmetadata: {generateName: web-}\n");
    assertTrue(
        Reading.only(manifests, Reason.InvalidValue).message().contains("only when a cluster"));
  }

  @ParameterizedTest
  @CsvSource({
    "Web,write `web`",
    "my_app,write `my-app`",
    "-a,rename it",
    "a..b,rename it",
  })
  void name_invalid_refusedWithAProposal(String name, String fix) {
    var manifests = Reading.of(Reading.ingress(name, "a.example.com"));
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("metadata.name", verdict.field());
    assertEquals(fix, verdict.fix());
    assertEquals("4:9", Reading.at(manifests, verdict));
  }

  @Test
  void name_withDots_validForIngressButNotForService() {
    assertEquals(
        List.of("Ingress default/a.b"),
        Reading.names(Reading.of(Reading.ingress("a.b", "a.example.com"))));
    assertEquals(List.of(), Reading.names(Reading.of(Reading.service("a.b", 80))));
  }

  @Test
  void name_tooLong_refused() {
    var manifests = Reading.of(Reading.service("a".repeat(64), 80));
    assertTrue(Reading.only(manifests, Reason.InvalidValue).fix().contains("at most 63"));
  }

  @Test
  void namespace_missing_isDefault() {
    var manifests = Reading.of(Reading.service("web", 80));
    var object = manifests.objects().getFirst();
    assertEquals(ObjectRef.service("default", "web"), object.ref());
    assertEquals("default", object.model().getMetadata().getNamespace());
    assertEquals(object.ref(), object.projection().ref());
  }

  @Test
  void namespace_invalid_refused() {
    var manifests =
        Reading.of("apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: My.Space}\n");
    assertEquals("metadata.namespace", Reading.only(manifests, Reason.InvalidValue).field());
    assertEquals(List.of(), manifests.objects());
  }

  @Test
  void namespace_ofAClusterScopedObject_hasNoEffect() {
    var manifests =
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: isoline, namespace: web}
            spec: {controller: isoline.io/ingress}
            """);
    assertEquals(Outcome.NO_EFFECT, Reading.only(manifests, Reason.InvalidValue).outcome());
    assertEquals(List.of("IngressClass isoline"), Reading.names(manifests));
  }

  @Test
  void sameObjectTwice_firstWinsAndSecondNamesIt() {
    var manifests =
        Reading.of(
            Reading.service("web", 80) + "---\n" + Reading.service("web", 81) + "  extra: 1\n");
    assertEquals(List.of("Service default/web"), Reading.names(manifests));
    Verdict verdict = Reading.only(manifests, Reason.Conflict);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("test.yaml:1:1"), verdict.message());
    assertEquals("9:1", Reading.at(manifests, verdict));
    assertEquals(1, manifests.verdicts().size());
  }

  @Test
  void sameName_inOtherNamespace_isAnotherObject() {
    var manifests =
        Reading.of(
            Reading.service("web", 80)
                + "---\n"
                + Reading.service("web", 80).replace("name: web", "name: web\n  namespace: b"));
    assertEquals(List.of("Service default/web", "Service b/web"), Reading.names(manifests));
  }
}
