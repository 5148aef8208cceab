package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.secret;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.SecretRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificate a client is shown, and what the owner of a bad one is told. */
final class TlsTest {

  private static final List<String> DEFAULT = List.of("default-certificate");
  private static final ObjectRef SECRET = ObjectRef.secret("default", "s");

  private static IngressBuilder web() {
    return ingress("web").host("x.com").prefix("/", "svc", 80);
  }

  private static List<ResourceType> types(Update update) {
    return update.changed().stream().map(Resource::type).toList();
  }

  private static boolean servesDefault(World world, String secret) {
    return world
        .secret(secret)
        .getTlsCertificate()
        .getCertificateChain()
        .getInlineBytes()
        .equals(World.DEFAULTS.listeners().tls().defaultCertificate());
  }

  @Test
  void chains_severalHostsOfOneSecret_areOneChain() {
    World world =
        World.of(
            secret("s", TestCertificate.ecdsa("x.com", "y.com", "*.z.com")),
            secret("t", TestCertificate.ecdsa("w.com")),
            ingress("a").tls("s", "x.com", "Y.com").tls("t", "w.com").defaultBackend("v", 1).build(),
            ingress("b").tls("s", "*.z.com").defaultBackend("v", 1).build());

    assertEquals(
        Map.of(
            "*.z.com,x.com,y.com", List.of("default/s"),
            "w.com", List.of("default/t"),
            "*", DEFAULT),
        world.certificates());
  }

  @Test
  void chains_sameSecretNameInTwoNamespaces_areTwoCertificates() {
    World world =
        World.of(
            secret("s", TestCertificate.ecdsa("x.com")),
            web().tls("s", "x.com").build(),
            ingress("web").in("other").tls("s", "y.com").defaultBackend("v", 1).build());

    assertEquals(List.of("other/s"), world.certificates().get("y.com"));
    assertFalse(servesDefault(world, "default/s"));
    assertTrue(servesDefault(world, "other/s"));
  }

  @Test
  void certificates_rsaAndEcdsaOfTwoIngresses_areBothShown() {
    World world =
        World.of(
            secret("e", TestCertificate.ecdsa("x.com")),
            secret("r", TestCertificate.rsa("x.com")),
            web().ordinal(0).tls("r", "x.com").build(),
            ingress("b").ordinal(1).tls("e", "x.com").defaultBackend("v", 1).build());

    assertEquals(List.of("default/e", "default/r"), world.certificates().get("x.com"));
    assertEquals(Reason.Accepted, world.verdict("b", "spec.tls[0]").reason());
  }

  @Test
  void certificates_severalOfOneType_oldestIsShownAndTheOtherIsTold() {
    World world =
        World.of(
            secret("young", TestCertificate.ecdsa("x.com")),
            secret("old", TestCertificate.ecdsa("x.com")),
            ingress("a").ordinal(1).tls("young", "x.com").defaultBackend("v", 1).build(),
            ingress("b").ordinal(0).tls("old", "x.com").defaultBackend("v", 1).build());

    assertEquals(List.of("default/old"), world.certificates().get("x.com"));
    assertFalse(world.has(ResourceType.SECRET, "default/young"));
    Verdict verdict = world.verdict("a", "spec.tls[0]");
    assertEquals(Reason.Conflict, verdict.reason());
    assertTrue(verdict.message().contains("Secret default/old"), verdict.message());
    assertTrue(verdict.message().contains("Ingress default/b"), verdict.message());
    assertTrue(verdict.message().contains("comes first in the files"), verdict.message());
  }

  @Test
  void certificates_severalEntriesOfOneIngress_firstInTheListIsShown() {
    IngressBuilder many = web();
    World world = new World();
    for (int i = 0; i < 12; i++) {
      many.tls("s" + i, "x.com");
    }
    // Of those that exist, number 2 is before number 10, though not by the alphabet.
    world.apply(
        secret("s10", TestCertificate.ecdsa("x.com")),
        secret("s2", TestCertificate.ecdsa("x.com")),
        many.build());

    assertEquals(List.of("default/s2"), world.certificates().get("x.com"));
    assertTrue(world.verdict("web", "spec.tls[10]").message().contains("comes first"));
  }

  @Test
  void certificates_oldestIsBroken_nextOneIsShown() {
    World world =
        World.of(
            secret("good", TestCertificate.ecdsa("x.com")),
            ingress("a").ordinal(0).tls("gone", "x.com").defaultBackend("v", 1).build(),
            ingress("b").ordinal(1).tls("good", "x.com").defaultBackend("v", 1).build());

    assertEquals(List.of("default/good"), world.certificates().get("x.com"));
    assertTrue(
        world
            .verdict("a", "spec.tls[0].secretName")
            .message()
            .contains("the other certificate of x.com is served"));
  }

  static Stream<Arguments> badSecrets() {
    TestCertificate good = TestCertificate.ecdsa("x.com");
    return Stream.of(
        Arguments.of("missing", null, "does not exist"),
        Arguments.of("no certificate", secret("s", null, good.key()), "tls.crt is missing"),
        Arguments.of("no key", secret("s", good.chain(), null), "tls.key is missing"),
        Arguments.of("empty", secret("s", ByteString.EMPTY, ByteString.EMPTY), "tls.crt"),
        Arguments.of(
            "garbage", secret("s", ByteString.copyFromUtf8("garbage"), good.key()), "tls.crt"),
        Arguments.of("swapped", secret("s", good.key(), good.chain()), "swapped"),
        Arguments.of(
            "mismatched", secret("s", TestCertificate.mismatched("x.com")), "does not belong"),
        Arguments.of(
            "expired",
            secret(
                "s",
                TestCertificate.ecdsaFromTo("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "x.com")),
            "expired"),
        Arguments.of(
            "of the future",
            secret(
                "s",
                TestCertificate.ecdsaFromTo("2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "x.com")),
            "not valid before"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSecrets")
  void badSecret_repaired_touchesNothingButThatSecret(
      String what, @Nullable SecretRecord bad, String words) {
    World world =
        World.of(
            service("svc", 80),
            secret("other", TestCertificate.ecdsa("y.com")),
            web().tls("s", "x.com").tls("other", "y.com").build());
    if (bad != null) {
      world.apply(bad);
      Verdict onSecret = world.verdict(SECRET, "data");
      assertEquals(Outcome.REFUSED, onSecret.outcome());
      assertTrue(onSecret.message().contains(words), onSecret.message());
    }
    assertTrue(servesDefault(world, "default/s"), what);
    assertFalse(servesDefault(world, "default/other"));
    Verdict verdict = world.verdict("web", "spec.tls[0].secretName");
    assertEquals(Reason.TLSSecretInvalid, verdict.reason());
    assertTrue(verdict.message().contains(words), verdict.message());
    assertTrue(verdict.message().contains("default certificate is served"), verdict.message());

    Update update = world.apply(secret("s", TestCertificate.ecdsa("x.com")));

    assertEquals(List.of(ResourceType.SECRET), types(update));
    assertTrue(update.removed().isEmpty());
    assertFalse(servesDefault(world, "default/s"));
    assertEquals(Reason.Accepted, world.verdict("web", "spec.tls[0]").reason());
  }

  @Test
  void secret_deletedWhileUsed_isServedWithTheDefaultUnderItsName() {
    World world =
        World.of(secret("s", TestCertificate.ecdsa("x.com")), web().tls("s", "x.com").build());

    Update update = world.delete(SECRET);

    assertEquals(List.of(ResourceType.SECRET), types(update));
    assertTrue(servesDefault(world, "default/s"));
    assertTrue(update.verdicts().containsKey(SECRET));
  }

  @Test
  void secret_thatNobodyUses_isNoResource() {
    World world = World.of(secret("s", TestCertificate.ecdsa("x.com")));

    assertFalse(world.has(ResourceType.SECRET, "default/s"));
    assertEquals(Reason.NotUsed, world.verdict(SECRET, "").reason());

    world.apply(web().tls("s", "x.com").build());
    assertTrue(world.has(ResourceType.SECRET, "default/s"));

    world.apply(web().build());
    assertFalse(world.has(ResourceType.SECRET, "default/s"));
    assertEquals(Map.of("*", DEFAULT), world.certificates());
  }

  @Test
  void tls_withoutHosts_isForTheHostsOfTheRules() {
    World world =
        World.of(secret("s", TestCertificate.ecdsa("x.com")), web().tls("s").build());

    assertEquals(Map.of("x.com", List.of("default/s"), "*", DEFAULT), world.certificates());
  }

  @Test
  void tls_withoutHostsAndRules_isNeverBeforeTheDefaultCertificate() {
    World world =
        World.of(
            secret("s", TestCertificate.ecdsa("x.com")),
            ingress("a").defaultBackend("v", 1).tls("s").build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    Verdict verdict = world.verdict("a", "spec.tls[0]");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().contains("default certificate"), verdict.message());
  }

  @Test
  void tls_withoutHostsWhereAllRulesAreRefused_isForNoHost() {
    World world =
        World.of(
            secret("s", TestCertificate.ecdsa("x.com")),
            ingress("a").host("not a host").prefix("/", "v", 1).tls("s").build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
  }

  @Test
  void tls_withAnEmptyHost_isRefusedAndForNoHost() {
    World world =
        World.of(secret("s", TestCertificate.ecdsa("x.com")), web().tls("s", "").build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    assertEquals(Outcome.REFUSED, world.verdict("web", "spec.tls[0].hosts[0]").outcome());
  }

  @Test
  void tls_withoutSecretName_isServedWithTheDefault() {
    World world = World.of(web().tls(null, "x.com").build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    Verdict verdict = world.verdict("web", "spec.tls[0]");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().contains("default certificate"), verdict.message());
  }

  @Test
  void certificate_forOtherNames_isShownAndTold() {
    World world =
        World.of(secret("s", TestCertificate.ecdsa("y.com")), web().tls("s", "x.com").build());

    assertEquals(List.of("default/s"), world.certificates().get("x.com"));
    Verdict verdict = world.verdict("web", "spec.tls[0]");
    assertEquals(Reason.TLSHostMismatch, verdict.reason());
    assertTrue(verdict.message().contains("y.com"), verdict.message());
  }

  @Test
  void certificate_withoutAnyName_isToldInWords() {
    World world = World.of(secret("s", TestCertificate.ecdsa()), web().tls("s", "x.com").build());

    Verdict verdict = world.verdict("web", "spec.tls[0]");
    assertEquals(Reason.TLSHostMismatch, verdict.reason());
    assertTrue(verdict.message().contains("no DNS name"), verdict.message());
  }

  @Test
  void recheckAt_certificateRunsOut_isTheMomentAfterAndThenTheDefaultIsServed() {
    World world = new World();
    Instant end = Instant.parse("2026-12-01T00:00:00Z");
    Update update =
        world.apply(
            List.of(
                new Change.Upsert(
                    secret(
                        "s",
                        TestCertificate.ecdsaFromTo("2026-01-01T00:00:00Z", end.toString(), "x.com"))),
                new Change.Upsert(web().tls("s", "x.com").build())),
            World.NOW);
    assertEquals(end.plusSeconds(1), update.recheckAt());

    assertTrue(world.apply(List.of(), end).isEmpty());
    Update expired = world.apply(List.of(), end.plusSeconds(1));

    assertEquals(List.of(ResourceType.SECRET), types(expired));
    assertTrue(servesDefault(world, "default/s"));
    assertNull(expired.recheckAt());
    assertTrue(world.verdict("web", "spec.tls[0].secretName").message().contains("expired"));
  }

  @Test
  void recheckAt_certificateOfTheFuture_isItsBegin() {
    World world = new World();
    String begin = "2026-12-01T00:00:00Z";
    Update update =
        world.apply(
            secret("s", TestCertificate.ecdsaFromTo(begin, "2027-12-01T00:00:00Z", "x.com")),
            web().tls("s", "x.com").build());
    assertEquals(Instant.parse(begin), update.recheckAt());

    world.apply(List.of(), Instant.parse(begin));

    assertFalse(servesDefault(world, "default/s"));
  }

  @Test
  void recheckAt_secretNoLongerUsed_isNever() {
    World world =
        World.of(secret("s", TestCertificate.ecdsa("x.com")), web().tls("s", "x.com").build());

    assertNull(world.apply(web().build()).recheckAt());
  }

  @Test
  void serverNames_wildcardsOfSeveralChains_areTriedTheLongestFirst() {
    World world =
        World.of(
            secret("s", TestCertificate.ecdsa("*.com", "*.b.a.com")),
            secret("t", TestCertificate.ecdsa("*.a.com", "x.a.com")),
            ingress("a").tls("s", "*.com", "*.b.a.com").defaultBackend("v", 1).build(),
            ingress("b").tls("t", "*.a.com", "x.a.com").defaultBackend("v", 1).build());

    SequencedMap<String, String> names = World.serverNames(world.listener("https"));

    assertEquals(
        Map.of(
            "x.a.com", "default/t",
            "*.b.a.com", "default/s",
            "*.a.com", "default/t",
            "*.com", "default/s"),
        names);
    assertEquals(
        List.of("*.b.a.com", "*.a.com", "*.com"),
        names.keySet().stream().filter(name -> name.startsWith("*")).toList());
  }
}
