package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.migrate.JudgedIngresses;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ingresses with verdicts that stay the same, whatever Isoline learns of annotations. */
final class Sample {

  /** What a page must not do with text of others. */
  static final String HOSTILE =
      "</script><script>document.title='run'</script><img src=x onerror=document.title='run'>"
          + "\n# heading\n| a | `b` | [c](http://d.example) \u202e";

  private final Map<ObjectRef, List<Verdict>> verdicts = new HashMap<>();

  private Sample() {}

  static MigrationReport report() {
    Sample sample = new Sample();
    for (String name : List.of("web", "api", "cart")) {
      sample.say("shop", name, note("auth-url"), Outcome.UNPROTECTED, "nobody is asked", "do it");
      sample.say("shop", name, note("ssl-redirect"), Outcome.APPLIED, "it is in force", "");
    }
    sample.say("shop", "web", note("limit-rps"), Outcome.APPLIED_WITH_DIFFERENCE, "by Envoy", "");
    sample.say("shop", "web", note("app-root"), Outcome.NO_EFFECT, "there is none", "remove it");
    sample.say("blog", "a", note("app-root"), Outcome.NO_EFFECT, "there is none", "remove it");
    sample.say("blog", "a", note("server-alias"), Outcome.REFUSED, "\"a\" is none", "correct it");
    sample.say("blog", "b", note("server-alias"), Outcome.REFUSED, "\"b\" is none", "correct it");
    sample.say("blog", "b", "spec.rules[3].http.paths[0].path", Outcome.REFUSED, HOSTILE, HOSTILE);
    sample.say("blog", "b", note(HOSTILE), Outcome.NO_EFFECT, "nobody knows it", "");
    SortedMap<ObjectRef, IngressRecord> ingresses = new TreeMap<>();
    sample.verdicts.keySet().forEach(ref -> ingresses.put(ref, ingress(ref)));
    Verdict unread =
        new Verdict(
            ObjectRef.file("broken.yaml"),
            "",
            Outcome.REFUSED,
            Reason.Unreadable,
            "is not YAML",
            "correct it");
    return MigrationReport.of(
        new JudgedIngresses("files", ingresses, sample.verdicts, List.of(unread), 2, null),
        verdict -> true);
  }

  private void say(
      String namespace, String name, String field, Outcome outcome, String message, String fix) {
    ObjectRef ref = ObjectRef.ingress(namespace, name);
    Reason reason =
        switch (outcome) {
          case APPLIED -> Reason.Accepted;
          case UNPROTECTED -> Reason.Unprotected;
          default -> Reason.UnsupportedAnnotation;
        };
    verdicts
        .computeIfAbsent(ref, any -> new ArrayList<>())
        .add(new Verdict(ref, field, outcome, reason, message, fix));
  }

  private static String note(String key) {
    return "metadata.annotations[nginx.ingress.kubernetes.io/" + key + "]";
  }

  private static IngressRecord ingress(ObjectRef ref) {
    return new IngressRecord(
        ref, new Age(null, 0), "nginx", new TreeMap<>(), null, List.of(), List.of());
  }
}
