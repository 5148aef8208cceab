package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.IngressRecord.Backend;
import io.isoline.translator.kube.IngressRecord.Path;
import io.isoline.translator.kube.IngressRecord.ResourceBackend;
import io.isoline.translator.kube.IngressRecord.Rule;
import io.isoline.translator.kube.IngressRecord.ServiceBackend;
import io.isoline.translator.kube.IngressRecord.Tls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IngressStateTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final Backend SERVICE =
      new Backend(new ServiceBackend("web", "http", null), null);
  private static final Backend BUCKET =
      new Backend(null, new ResourceBackend("example.com", "Bucket", "b"));
  private static final Rule RULE = new Rule("a.com", List.of(new Path("/", "Prefix", SERVICE)));
  private static final IngressRecord INGRESS =
      new IngressRecord(
          WEB,
          new Age(Instant.EPOCH, 0),
          "isoline",
          new TreeMap<>(Map.of("isoline.io/a", "1")),
          BUCKET,
          List.of(new Tls(List.of("a.com"), "tls")),
          List.of(RULE));
  private static final Verdict ACCEPTED =
      new Verdict(WEB, "spec.rules[0]", Outcome.APPLIED, Reason.Accepted, "it goes to web", "");
  private static final Verdict MISSING =
      new Verdict(
          WEB, "spec.tls[0]", Outcome.REFUSED, Reason.TLSSecretInvalid, "it is missing", "make it");

  /**
   * Replicas of two versions compare these. Another value here means that nothing counts as
   * programmed for as long as both versions run.
   */
  @Test
  void of_theSameIngress_isTheSameInEachVersion() {
    assertEquals("6aa4d0726d62ba2b", state(INGRESS, ACCEPTED, MISSING));
  }

  @Test
  void of_otherWords_isTheSame() {
    Verdict reworded =
        new Verdict(WEB, "spec.tls[0]", Outcome.REFUSED, Reason.TLSSecretInvalid, "none", "none");
    assertEquals(state(INGRESS, ACCEPTED, MISSING), state(INGRESS, ACCEPTED, reworded));
    assertEquals(state(INGRESS, ACCEPTED, MISSING), state(INGRESS, ACCEPTED, MISSING, reworded));
  }

  @Test
  void of_otherFieldOutcomeOrReason_isAnother() {
    List<String> states = new ArrayList<>();
    states.add(state(INGRESS));
    states.add(state(INGRESS, ACCEPTED));
    states.add(state(INGRESS, ACCEPTED, MISSING));
    states.add(state(INGRESS, verdict("spec.rules[1]", Outcome.APPLIED, Reason.Accepted)));
    states.add(state(INGRESS, verdict("spec.rules[0]", Outcome.NO_EFFECT, Reason.Accepted)));
    states.add(state(INGRESS, verdict("spec.rules[0]", Outcome.APPLIED, Reason.Unsupported)));
    assertAllDiffer(states);
  }

  @Test
  void content_anotherAge_isTheSame() {
    IngressRecord younger =
        new IngressRecord(
            WEB,
            new Age(Instant.EPOCH.plusSeconds(1), 7),
            INGRESS.ingressClassName(),
            INGRESS.annotations(),
            INGRESS.defaultBackend(),
            INGRESS.tls(),
            INGRESS.rules());
    assertEquals(IngressState.content(INGRESS), IngressState.content(younger));
  }

  @Test
  void content_anyFieldIsAnother_isAnother() {
    List<IngressRecord> others = new ArrayList<>();
    others.add(INGRESS);
    others.add(with(ObjectRef.ingress("default", "other"), List.of(), List.of(RULE)));
    others.add(with(WEB, List.of(), List.of(RULE)));
    others.add(with(WEB, List.of(new Tls(List.of(), "tls")), List.of(RULE)));
    others.add(with(WEB, List.of(new Tls(List.of("a.com"), null)), List.of(RULE)));
    others.add(with(WEB, List.of(new Tls(List.of("tls"), "a.com")), List.of(RULE)));
    others.add(with(WEB, List.of(), List.of()));
    others.add(with(WEB, List.of(), List.of(RULE, RULE)));
    others.add(with(WEB, List.of(), List.of(new Rule("a.com", null))));
    others.add(with(WEB, List.of(), List.of(new Rule("a.com", List.of()))));
    others.add(with(WEB, List.of(), List.of(new Rule(null, List.of()))));
    others.add(with(WEB, List.of(), rule(new Path("/a", "Prefix", SERVICE))));
    others.add(with(WEB, List.of(), rule(new Path("/", "Exact", SERVICE))));
    others.add(with(WEB, List.of(), rule(new Path("/", "Prefix", null))));
    others.add(with(WEB, List.of(), rule(new Path("/", "Prefix", BUCKET))));
    others.add(with(WEB, List.of(), rule(new Path("/", "Prefix", service("w", "http", null)))));
    others.add(with(WEB, List.of(), rule(new Path("/", "Prefix", service("web", null, 80)))));
    others.add(with(WEB, List.of(), rule(new Path("/", "Prefix", service("web", "80", null)))));
    others.add(annotated("isoline", Map.of()));
    others.add(annotated("isoline", Map.of("a", "b")));
    others.add(annotated("isoline", Map.of("a", "c")));
    // Parts that would read the same if they were put one after the other.
    others.add(annotated("isoline", Map.of("a", "b", "c", "d")));
    others.add(annotated("isoline", Map.of("a", "b1:c1:d")));
    assertAllDiffer(others.stream().map(IngressState::content).toList());
  }

  private static void assertAllDiffer(List<String> states) {
    assertEquals(states.size(), new HashSet<>(states).size(), states::toString);
  }

  private static String state(IngressRecord ingress, Verdict... verdicts) {
    return IngressState.of(IngressState.content(ingress), List.of(verdicts));
  }

  private static Verdict verdict(String field, Outcome outcome, Reason reason) {
    return new Verdict(WEB, field, outcome, reason, "", "");
  }

  private static Backend service(
      String name, @Nullable String portName, @Nullable Integer port) {
    return new Backend(new ServiceBackend(name, portName, port), null);
  }

  private static List<Rule> rule(Path path) {
    return List.of(new Rule("a.com", List.of(path)));
  }

  private static IngressRecord with(ObjectRef ref, List<Tls> tls, List<Rule> rules) {
    return new IngressRecord(
        ref, new Age(null, 0), null, new TreeMap<>(), null, tls, rules);
  }

  private static IngressRecord annotated(
      @Nullable String className, Map<String, String> annotations) {
    return new IngressRecord(
        WEB,
        new Age(null, 0),
        className,
        new TreeMap<>(annotations),
        null,
        List.of(),
        List.of());
  }
}
