package io.isoline.translator.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.isoline.translator.ObjectRef;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProjectionTest {

  private static <T> T project(Class<T> type, HasMetadata object) {
    KnownKind kind =
        Arrays.stream(KnownKind.values())
            .filter(each -> each.model().isInstance(object))
            .findFirst()
            .orElseThrow();
    return assertInstanceOf(type, kind.project(object, 5));
  }

  @Test
  void project_objectsWithANameAlone_areNotRefusedHere() {
    IngressRecord ingress =
        project(
            IngressRecord.class,
            new IngressBuilder().withNewMetadata().withName("a").endMetadata().build());
    assertEquals(ObjectRef.ingress("default", "a"), ingress.ref());
    assertTrue(ingress.rules().isEmpty());

    ServiceRecord service =
        project(
            ServiceRecord.class,
            new ServiceBuilder().withNewMetadata().withName("a").endMetadata().build());
    assertTrue(service.ports().isEmpty());

    EndpointSliceRecord slice =
        project(
            EndpointSliceRecord.class,
            new EndpointSliceBuilder().withNewMetadata().withName("a").endMetadata().build());
    assertNull(slice.service());

    SecretRecord secret =
        project(
            SecretRecord.class,
            new SecretBuilder().withNewMetadata().withName("a").endMetadata().build());
    assertNull(secret.certificate());

    ConfigMapRecord configMap =
        project(
            ConfigMapRecord.class,
            new ConfigMapBuilder().withNewMetadata().withName("a").endMetadata().build());
    assertEquals(Map.of(), configMap.data());

    IngressClassRecord ingressClass =
        project(
            IngressClassRecord.class,
            new IngressClassBuilder().withNewMetadata().withName("a").endMetadata().build());
    assertEquals(ObjectRef.ingressClass("a"), ingressClass.ref());
    assertNull(ingressClass.controller());
  }

  @Test
  void project_nullsInLists_areLeftOut() {
    IngressRecord ingress =
        project(
            IngressRecord.class,
            new IngressBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .withNewSpec()
                .addNewTl()
                .withHosts(Arrays.asList("x.com", null))
                .endTl()
                .addNewRule()
                .withNewHttp()
                .addNewPath()
                .endPath()
                .endHttp()
                .endRule()
                .endSpec()
                .build());

    assertEquals(List.of("x.com"), ingress.tls().getFirst().hosts());
    assertEquals(
        List.of(new IngressRecord.Path(null, null, null)), ingress.rules().getFirst().paths());
  }

  @Test
  void project_portNumberZeroOrEmptyName_countAsNone() {
    IngressRecord ingress =
        project(
            IngressRecord.class,
            new IngressBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .withNewSpec()
                .withNewDefaultBackend()
                .withNewService()
                .withName("s")
                .withNewPort("", 0)
                .endService()
                .endDefaultBackend()
                .endSpec()
                .build());

    IngressRecord.Backend backend = ingress.defaultBackend();
    assertEquals(
        new IngressRecord.Backend(new IngressRecord.ServiceBackend("s", null, null), null),
        backend);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00+02:00, 2026-01-01T00:00:00Z",
    "yesterday,",
    "'',",
    ",",
  })
  void project_creationTimestamp_isReadOrNone(@Nullable String written, @Nullable String read) {
    IngressRecord ingress =
        project(
            IngressRecord.class,
            new IngressBuilder()
                .withNewMetadata()
                .withName("a")
                .withCreationTimestamp(written)
                .endMetadata()
                .build());

    assertEquals(new Age(read == null ? null : Instant.parse(read), 5), ingress.age());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-,     -,     -,     true,  true",
        "true,  -,     -,     true,  true",
        "false, -,     -,     false, false",
        "false, true,  true,  false, true",
        "false, false, true,  false, false",
        "-,     false, -,     true,  false",
      })
  void project_endpointConditions_missingOnesAreAsTheApiSays(
      @Nullable Boolean ready,
      @Nullable Boolean serving,
      @Nullable Boolean terminating,
      boolean expectedReady,
      boolean expectedServing) {
    EndpointSliceRecord slice =
        project(
            EndpointSliceRecord.class,
            new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("a")
                .addToLabels("kubernetes.io/service-name", "svc")
                .endMetadata()
                .withEndpoints(
                    new EndpointBuilder()
                        .withAddresses("10.0.0.1")
                        .withNewConditions(ready, serving, terminating)
                        .build())
                .build());

    EndpointSliceRecord.Endpoint endpoint = slice.endpoints().getFirst();
    assertEquals("svc", slice.service());
    assertEquals(expectedReady, endpoint.ready());
    assertEquals(expectedServing, endpoint.serving());
    assertEquals(Boolean.TRUE.equals(terminating), endpoint.terminating());
  }

  @Test
  void project_secret_stringDataGoesBeforeData() {
    SecretRecord secret =
        project(
            SecretRecord.class,
            new SecretBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .withData(Map.of("tls.crt", "b2xk", "tls.key", "a2V5"))
                .withStringData(Map.of("tls.crt", "new"))
                .build());

    assertEquals(ByteString.copyFromUtf8("new"), secret.certificate());
    assertEquals(ByteString.copyFromUtf8("key"), secret.privateKey());
    assertFalse(secret.toString().contains("key"));
  }

  @Test
  void project_configMap_isItsData() {
    ConfigMapRecord configMap =
        project(
            ConfigMapRecord.class,
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("a")
                .endMetadata()
                .withData(Map.of("X-A", "1"))
                .withBinaryData(Map.of("X-B", "Yg=="))
                .build());

    assertEquals(ObjectRef.configMap("shop", "a"), configMap.ref());
    assertEquals(Map.of("X-A", "1"), configMap.data());
  }

  @ParameterizedTest
  @CsvSource({"65533, false", "65534, true", "1000000, true"})
  void project_configMap_ofMoreThanTheLimit_isEmpty(int length, boolean tooLarge) {
    ConfigMapRecord configMap =
        project(
            ConfigMapRecord.class,
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .withData(Map.of("X-A", "a".repeat(length)))
                .build());

    assertEquals(tooLarge, configMap.tooLarge());
    assertEquals(tooLarge, configMap.data().isEmpty());
  }

  @Test
  void project_externalName_isReadOnlyFromThatType() {
    ServiceBuilder service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("a")
            .endMetadata()
            .withNewSpec()
            .withType("ClusterIP")
            .withExternalName("example.org")
            .endSpec();
    assertNull(project(ServiceRecord.class, service.build()).externalName());

    assertEquals(
        "example.org",
        project(
                ServiceRecord.class,
                service.editSpec().withType("ExternalName").endSpec().build())
            .externalName());
  }

  @ParameterizedTest
  @CsvSource({
    "10.96.0.1, ClusterIP, 10.96.0.1",
    "2001:db8::1, NodePort, 2001:db8::1",
    "None, ClusterIP, ",
    "'', ClusterIP, ",
    ", ClusterIP, ",
    "10.96.0.1, ExternalName, "
  })
  void project_clusterIp_isNoneWhereTheServiceIsHeadless(
      @Nullable String written, String type, @Nullable String expected) {
    assertEquals(
        expected,
        project(
                ServiceRecord.class,
                new ServiceBuilder()
                    .withNewMetadata()
                    .withName("a")
                    .endMetadata()
                    .withNewSpec()
                    .withType(type)
                    .withClusterIP(written)
                    .endSpec()
                    .build())
            .clusterIp());
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes.io/ingress.class, true",
    "nginx.ingress.kubernetes.io/rewrite-target, true",
    "traefik.ingress.kubernetes.io/router.tls, true",
    "ingress.kubernetes.io/ssl-redirect, true",
    "alb.ingress.kubernetes.io/scheme, true",
    "nginx.org/rewrites, true",
    "konghq.com/strip-path, true",
    "isoline.io/anything, true",
    "networking.gke.io/v1beta1.FrontendConfig, true",
    "zalando.org/skipper-filter, true",
    "haproxy.router.openshift.io/ip_whitelist, true",
    "helm.sh/resource-policy, false",
    "argocd.argoproj.io/sync-options, false",
    "prometheus.io/scrape, false",
    "notnginx.org/policies, false",
    "kubectl.kubernetes.io/last-applied-configuration, false",
    "cert-manager.io/cluster-issuer, false",
    "external-dns.alpha.kubernetes.io/hostname, false",
    "meta.helm.sh/release-name, false",
    "plain, false",
  })
  void concernsController_knownPrefixes_areToldFromThoseOfTools(String name, boolean concerns) {
    assertEquals(concerns, Projection.concernsController(name));
  }
}
