package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of objects that are there, or may be there, and cannot be read. */
final class UnreadableTest {

  private static final ObjectRef SECRET = ObjectRef.secret("default", "s");
  private static final Change FORBIDDEN =
      new Change.Unreadable(SECRET, "Isoline may not read it", "grant it");

  private static World withTls() {
    return World.of(ingress("web").tls("s", "x.com").host("x.com").prefix("/", "v", 1).build());
  }

  private static List<Verdict> unreadable(World world, ObjectRef ref) {
    return world.verdicts(ref).stream()
        .filter(verdict -> verdict.reason() == Reason.Unreadable)
        .toList();
  }

  @Test
  void secret_neverRead_isExplainedToTheIngressThatNamesIt() {
    World world = withTls();
    world.apply(List.of(FORBIDDEN), World.NOW);

    assertEquals(
        List.of(
            new Verdict(
                SECRET,
                "",
                Outcome.REFUSED,
                Reason.Unreadable,
                "Isoline may not read it",
                "grant it")),
        world.verdicts(SECRET));
    Verdict ofIngress =
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .filter(verdict -> verdict.reason() == Reason.TLSSecretInvalid)
            .findFirst()
            .orElseThrow();
    assertTrue(ofIngress.message().contains("Isoline may not read it"), ofIngress::message);
    assertEquals("grant it", ofIngress.fix());
  }

  @Test
  void secret_readBefore_staysInService() {
    World world = withTls();
    world.apply(secret("s", TestCertificate.ecdsa("x.com")));

    Update update = world.apply(List.of(FORBIDDEN), World.NOW);

    assertEquals(List.of(), update.changed());
    assertEquals(
        "Isoline may not read it; what was read of it before stays in service",
        unreadable(world, SECRET).getFirst().message());
    assertFalse(
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .anyMatch(verdict -> verdict.reason() == Reason.TLSSecretInvalid));
  }

  @Test
  void secret_readAgain_isAsIfNothingHadBeen() {
    World world = withTls();
    world.apply(List.of(FORBIDDEN), World.NOW);
    world.apply(secret("s", TestCertificate.ecdsa("x.com")));

    assertEquals(List.of(), unreadable(world, SECRET));
  }

  @Test
  void secret_thatTurnsOutNotToBeThere_isSaidNotToExist() {
    World world = withTls();
    world.apply(List.of(FORBIDDEN), World.NOW);
    world.delete(SECRET);

    assertFalse(world.verdicts().containsKey(SECRET));
    assertTrue(
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .anyMatch(verdict -> verdict.message().contains("does not exist")));
  }

  @Test
  void ingress_ofAnotherClass_isNotSpokenOf() {
    ObjectRef other = ObjectRef.ingress("default", "other");
    World world = World.of(ingress("other").ofClass("nginx").defaultBackend("v", 1).build());
    world.apply(List.of(new Change.Unreadable(other, "it is odd", "")), World.NOW);

    assertEquals(List.of(), unreadable(world, other));
  }
}
