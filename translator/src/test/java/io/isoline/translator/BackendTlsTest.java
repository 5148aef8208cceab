package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.port;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.settings.IngressSettings.Classes;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From Secrets for TLS to backends to clusters. */
final class BackendTlsTest {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "x.com";
  private static final TestCertificate FIRST = TestCertificate.ecdsa("a.test");
  private static final TestCertificate SECOND = TestCertificate.ecdsa("b.test");

  private static SecretRecord secret(String namespace, TestCertificate shown, String authority) {
    SortedMap<String, ByteString> data = new TreeMap<>();
    data.put("tls.crt", shown.chain());
    data.put("tls.key", shown.key());
    if (!authority.isEmpty()) {
      data.put("ca.crt", ByteString.copyFromUtf8(authority));
    }
    return new SecretRecord(ObjectRef.secret(namespace, "up"), "Opaque", data);
  }

  private static ServiceRecord tls() {
    return service("svc", port("web", 443, "https"));
  }

  private static IngressBuilder web() {
    return ingress("web")
        .annotation(NGINX + "proxy-ssl-secret", "up")
        .annotation(NGINX + "proxy-ssl-verify", "on")
        .annotation(NGINX + "proxy-ssl-name", "a.test");
  }

  private static IngressBuilder routed(IngressBuilder ingress) {
    return ingress.host(HOST).prefix("/", "svc", 443);
  }

  private static CommonTlsContext context(World world, String cluster) {
    try {
      return world
          .cluster(cluster)
          .getTransportSocket()
          .getTypedConfig()
          .unpack(UpstreamTlsContext.class)
          .getCommonTlsContext();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteString shown(World world, String cluster) {
    return context(world, cluster).getTlsCertificates(0).getCertificateChain().getInlineBytes();
  }

  private static Set<ResourceType> types(Update update) {
    return update.changed().stream()
        .map(resource -> resource.key().type())
        .collect(Collectors.toSet());
  }

  @Test
  void secret_newContent_sendsTheClusterAlone() {
    World world =
        World.of(
            tls(),
            routed(web()).build(),
            secret("default", FIRST, FIRST.chain().toStringUtf8()));
    String cluster = world.request(HOST, "/");
    assertTrue(cluster.startsWith("default/svc/443/"), cluster);
    assertEquals(FIRST.chain(), shown(world, cluster));
    Update update =
        world.apply(secret("default", SECOND, SECOND.chain().toStringUtf8()));
    assertEquals(Set.of(ResourceType.CLUSTER), types(update));
    assertEquals(Set.of(), update.removed());
    assertEquals(cluster, world.request(HOST, "/"));
    assertEquals(SECOND.chain(), shown(world, cluster));
    assertEquals(
        SECOND.chain(),
        context(world, cluster).getValidationContext().getTrustedCa().getInlineBytes());
  }

  @Test
  void secret_missing_closesUntilItComes() {
    World world = World.of(tls(), routed(web()).build());
    assertEquals("503", world.request(HOST, "/"));
    assertEquals(
        Outcome.REFUSED,
        world.verdict("web", "metadata.annotations[" + NGINX + "proxy-ssl-secret]").outcome());
    world.apply(secret("default", FIRST, FIRST.chain().toStringUtf8()));
    assertTrue(world.request(HOST, "/").startsWith("default/svc/443/"));
    world.delete(ObjectRef.secret("default", "up"));
    assertEquals("503", world.request(HOST, "/"));
    assertTrue(
        world.resources().keySet().stream()
            .noneMatch(key -> key.name().startsWith("default/svc/443/")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "junk", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
  void secret_withoutUsableAuthorities_closesWhatIsVerified(String authority) {
    World world =
        World.of(tls(), routed(web()).build(), secret("default", FIRST, authority));
    assertEquals("503", world.request(HOST, "/"));
  }

  @Test
  void secret_keyOfAnotherCertificate_closes() {
    World world =
        World.of(
            tls(),
            routed(ingress("web").annotation(NGINX + "proxy-ssl-secret", "up")).build(),
            secret("default", TestCertificate.mismatched("a.test"), ""));
    assertEquals("503", world.request(HOST, "/"));
  }

  @Test
  void secret_expiredCertificate_isForTheBackendToJudge() {
    TestCertificate expired =
        TestCertificate.ecdsaFromTo("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "a.test");
    World world =
        World.of(
            tls(),
            routed(ingress("web").annotation(NGINX + "proxy-ssl-secret", "up")).build(),
            secret("default", expired, ""));
    assertEquals(expired.chain(), shown(world, world.request(HOST, "/")));
  }

  @Test
  void secret_plainBackend_hasNothingOfIt() {
    World world =
        World.of(
            service("svc", port("web", 443, "http")),
            routed(web()).build(),
            secret("default", FIRST, FIRST.chain().toStringUtf8()));
    assertEquals("default/svc/443", world.request(HOST, "/"));
    assertFalse(world.cluster("default/svc/443").hasTransportSocket());
  }

  @Test
  void namespaces_sameNames_haveTheirOwn() {
    World world =
        World.of(
            tls(),
            new ServiceRecord(
            ObjectRef.service("other", "svc"), null, List.of(), tls().ports()),
            routed(web()).build(),
            web().in("other").host("y.com").prefix("/", "svc", 443).build(),
            secret("default", FIRST, FIRST.chain().toStringUtf8()),
            secret("other", SECOND, SECOND.chain().toStringUtf8()));
    String mine = world.request(HOST, "/");
    String theirs = world.request("y.com", "/");
    assertNotEquals(mine, theirs);
    assertEquals(FIRST.chain(), shown(world, mine));
    assertEquals(SECOND.chain(), shown(world, theirs));
  }

  // Classes of ingress-nginx.

  private static World ofNginx() {
    return new World(
        World.DEFAULTS.with(
            World.DEFAULTS
                .ingress()
                .with(
                    new Classes(List.of("isoline"), "k8s.io/ingress-nginx", true, List.of()))));
  }

  @Test
  void ofNginx_ingressesWithoutASecret_haveThatOfTheOldestOfTheirNamespace() {
    World world = ofNginx();
    world.apply(
        tls(),
        new ServiceRecord(
            ObjectRef.service("other", "svc"), null, List.of(), tls().ports()),
        routed(web().created("2026-01-01T00:00:00Z")).build(),
        ingress("second")
            .created("2026-01-02T00:00:00Z")
            .host(HOST)
            .prefix("/second", "svc", 443)
            .build(),
        ingress("third")
            .annotation(NGINX + "proxy-ssl-secret", "up")
            .created("2026-01-03T00:00:00Z")
            .host(HOST)
            .prefix("/third", "svc", 443)
            .build(),
        ingress("foreign")
            .in("other")
            .created("2026-01-04T00:00:00Z")
            .host(HOST)
            .prefix("/foreign", "svc", 443)
            .build(),
        secret("default", FIRST, FIRST.chain().toStringUtf8()));
    String first = world.request(HOST, "/");
    assertTrue(context(world, first).hasValidationContext());
    assertEquals(first, world.request(HOST, "/second"));
    String third = world.request(HOST, "/third");
    assertFalse(context(world, third).hasValidationContext());
    assertEquals(FIRST.chain(), shown(world, third));
    String foreign = world.request(HOST, "/foreign");
    assertTrue(foreign.startsWith("other/svc/443"), foreign);
    assertFalse(context(world, foreign).hasValidationContext());
    assertEquals(0, context(world, foreign).getTlsCertificatesCount());

    world.delete(ObjectRef.secret("default", "up"));
    assertEquals("503", world.request(HOST, "/"));
    assertFalse(context(world, world.request(HOST, "/second")).hasValidationContext());
  }

  @Test
  void otherClasses_ingressWithoutASecret_hasNothing() {
    World world =
        World.of(
            tls(),
            routed(web()).build(),
            ingress("second").host(HOST).prefix("/second", "svc", 443).build(),
            secret("default", FIRST, FIRST.chain().toStringUtf8()));
    assertEquals("default/svc/443", world.request(HOST, "/second"));
  }
}
