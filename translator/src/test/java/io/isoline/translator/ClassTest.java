package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.ingressClass;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.settings.IngressSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which Ingresses are ours. */
final class ClassTest {

  private static final String OURS = "isoline.io/ingress-controller";
  private static final String ANNOTATION = "kubernetes.io/ingress.class";
  private static final String SERVED = "default/svc/80";

  private static IngressBuilder web() {
    return ingress("web").host("x.com").prefix("/", "svc", 80);
  }

  private static World world(IngressBuilder ingress) {
    return World.of(service("svc", 80), ingress.build());
  }

  private static Settings classes(List<String> names, String controller, boolean withoutClass) {
    return World.DEFAULTS.with(
        World.DEFAULTS
            .ingress()
            .with(new IngressSettings.Classes(names, controller, withoutClass)));
  }

  @Test
  void ourName_withoutAClassObject_isServed() {
    assertEquals(SERVED, world(web().ofClass("isoline")).request("x.com", "/"));
  }

  @Test
  void annotation_withOurName_isServed() {
    World world = world(web().ofClass(null).annotation(ANNOTATION, "isoline"));

    assertEquals(SERVED, world.request("x.com", "/"));
  }

  @Test
  void annotation_besideTheField_goesFirst() {
    World world = world(web().ofClass("isoline").annotation(ANNOTATION, "nginx"));

    assertEquals("404", world.request("x.com", "/"));
    Verdict verdict = world.verdict("web", "metadata.annotations[" + ANNOTATION + "]");
    assertEquals(Reason.OtherClass, verdict.reason());
    assertFalse(verdict.isFinding());
  }

  @Test
  void unknownClass_isLeftAloneAndTold() {
    World world = world(web().ofClass("isolin"));

    assertEquals("404", world.request("x.com", "/"));
    Verdict verdict = world.verdict("web", "spec.ingressClassName");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.message().contains("\"isolin\""), verdict.message());
    assertTrue(verdict.fix().contains("isoline"), verdict.fix());
  }

  @Test
  void noClass_isServedOnlyWhenSettingsOrADefaultClassSaySo() {
    World world = world(web().ofClass(null));
    assertEquals("404", world.request("x.com", "/"));
    assertTrue(world.verdict("web", "spec").message().contains("names no class"));

    world.apply(ingressClass("edge", OURS, true));
    assertEquals(SERVED, world.request("x.com", "/"));

    world.apply(ingressClass("edge", OURS, false));
    assertEquals("404", world.request("x.com", "/"));

    world.configure(classes(List.of("isoline"), OURS, true));
    assertEquals(SERVED, world.request("x.com", "/"));
  }

  @Test
  void emptyAnnotation_countsAsNoClass() {
    World world = world(web().ofClass(null).annotation(ANNOTATION, ""));

    assertEquals("404", world.request("x.com", "/"));
    assertTrue(world.verdict("web", "spec").message().contains("names no class"));
  }

  @Test
  void defaultClassOfAnotherController_doesNotMakeItOurs() {
    World world = world(web().ofClass(null));

    world.apply(ingressClass("nginx", "k8s.io/ingress-nginx", true));

    assertEquals("404", world.request("x.com", "/"));
  }

  @Test
  void classObject_ofOurController_isServedUnderAnyNameAndComesAndGoes() {
    World world = world(web().ofClass("edge"));
    assertEquals("404", world.request("x.com", "/"));
    world.apply(ingressClass("edge", OURS, false));
    assertEquals(SERVED, world.request("x.com", "/"));

    world.delete(ObjectRef.ingressClass("edge"));

    assertEquals("404", world.request("x.com", "/"));
    assertFalse(world.has(ResourceType.CLUSTER, SERVED));
    assertEquals(
        Reason.NotUsed, world.verdict(ObjectRef.service("default", "svc"), "").reason());
  }

  @Test
  void classObject_ofAnotherController_takesOurNameAway() {
    World world = world(web().ofClass("isoline"));

    world.apply(ingressClass("isoline", "example.com/other", false));

    assertEquals("404", world.request("x.com", "/"));
    assertTrue(
        world
            .verdict("web", "spec.ingressClassName")
            .message()
            .contains("belongs to controller example.com/other"));
    assertEquals(
        Reason.OtherClass, world.verdict(ObjectRef.ingressClass("isoline"), "").reason());
  }

  @Test
  void classObject_withoutController_isNotOurs() {
    World world = world(web().ofClass("edge"));

    world.apply(ingressClass("edge", null, true));

    assertEquals("404", world.request("x.com", "/"));
    for (ObjectRef ref :
        List.of(ObjectRef.ingressClass("edge"), ObjectRef.ingress("default", "web"))) {
      String message = world.verdicts(ref).getFirst().message();
      assertFalse(message.contains("null"), message);
    }
  }

  @Test
  void settings_otherNamesAndController_areLiveForIngressesAndClasses() {
    World world = world(web().ofClass("isoline"));
    world.apply(ingressClass("edge", "example.com/edge", false));
    assertEquals(SERVED, world.request("x.com", "/"));
    assertEquals(Reason.OtherClass, world.verdict(ObjectRef.ingressClass("edge"), "").reason());

    world.configure(classes(List.of("other"), "example.com/edge", false));

    assertEquals("404", world.request("x.com", "/"));
    assertEquals(Reason.Accepted, world.verdict(ObjectRef.ingressClass("edge"), "").reason());
  }

  @Test
  void annotations_ofOtherControllers_areEachNamed() {
    World world =
        world(
            web()
                .annotation("nginx.ingress.kubernetes.io/server-alias-of", "/")
                .annotation("isoline.io/nonsense", ""));

    for (String name :
        List.of("nginx.ingress.kubernetes.io/server-alias-of", "isoline.io/nonsense")) {
      Verdict verdict = world.verdict("web", "metadata.annotations[" + name + "]");
      assertEquals(Reason.UnsupportedAnnotation, verdict.reason());
      assertEquals(Outcome.NO_EFFECT, verdict.outcome());
      assertTrue(verdict.isFinding());
    }
  }
}
