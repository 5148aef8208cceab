package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is written once and carried by each path: many paths and long values must not multiply. */
class CarriedTest {

  private static final String OURS = "isoline.io/";

  private static IngressBuilder web(int paths) {
    IngressBuilder web = ingress("web").host("web.test");
    for (int i = 0; i < paths; i++) {
      web.prefix("/p" + i, "svc", 80);
    }
    return web;
  }

  private static IngressBuilder longHeaders(int paths) {
    return web(paths)
        .annotation(OURS + "enable-cors", "true")
        .annotation(OURS + "cors-allow-headers", "X-A,".repeat(10_000) + "X-B");
  }

  private static SecretRecord users(int count) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < count; i++) {
      list.append("user").append(i).append(":{PLAIN}password\n");
    }
    return new SecretRecord(
        ObjectRef.secret("default", "users"),
        "Opaque",
        new TreeMap<>(Map.of("auth", ByteString.copyFromUtf8(list.toString()))));
  }

  private static IngressBuilder guarded(int paths) {
    return web(paths)
        .annotation(OURS + "auth-type", "basic")
        .annotation(OURS + "auth-secret", "users");
  }

  @Test
  void annotations_tooLongForSoManyPaths_closeTheIngressAlone() {
    World world =
        World.of(
            service("svc", 80),
            longHeaders(1_000).build(),
            ingress("other").host("other.test").prefix("/", "svc", 80).build());
    assertEquals("503", world.request("web.test", "/p7"));
    assertEquals("default/svc/80", world.request("other.test", "/"));
    Verdict verdict = world.verdict("web", "metadata.annotations");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("each of the 1000 paths"), verdict::message);
  }

  @Test
  void annotations_longWithFewPaths_areInForce() {
    World world = World.of(service("svc", 80), longHeaders(100).build());
    assertEquals("default/svc/80", world.request("web.test", "/p7"));
  }

  @Test
  void listOfUsers_tooLongForSoManyPaths_closesTheIngress() {
    World world = World.of(service("svc", 80), users(2_000), guarded(1_000).build());
    assertEquals("503", world.request("web.test", "/p7"));
    Verdict verdict = world.verdict("web", "metadata.annotations[" + OURS + "auth-secret]");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("each of the 1000 paths"), verdict::message);

    world.apply(users(10));
    assertEquals("default/svc/80", world.request("web.test", "/p7"));
  }

  @Test
  void hostWithFiveAnnotations_oneChanges_sendsLessThanFourKilobytes() {
    World world = World.of(service("svc", 80), annotated("120"));
    Update update = world.apply(annotated("60"));
    int bytes = update.changed().stream().mapToInt(each -> each.body().getSerializedSize()).sum();
    assertTrue(bytes <= 4_000, () -> bytes + " bytes");
    assertEquals(1, update.changed().size());
  }

  private static IngressRecord annotated(String readTimeout) {
    return ingress("web")
        .host("host-5000.example.com")
        .prefix("/", "svc", 80)
        .annotation(OURS + "enable-cors", "true")
        .annotation(OURS + "cors-allow-origin", "https://app.example.com")
        .annotation(OURS + "proxy-read-timeout", readTimeout)
        .annotation(OURS + "proxy-body-size", "8m")
        .annotation(OURS + "limit-rps", "100")
        .build();
  }
}
