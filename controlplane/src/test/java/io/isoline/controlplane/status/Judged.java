package io.isoline.controlplane.status;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.List;

/** Verdicts for tests. */
final class Judged {

  private Judged() {}

  static List<Verdict> ours(ObjectRef object) {
    return List.of(
        new Verdict(object, "", Outcome.APPLIED, Reason.Accepted, "all of it is in force", ""));
  }

  static List<Verdict> otherClass(ObjectRef object) {
    return List.of(new Verdict(object, "", Outcome.NO_EFFECT, Reason.OtherClass, "of another", ""));
  }

  static Verdict finding(ObjectRef object, Reason reason, String message) {
    return new Verdict(object, "spec", Outcome.REFUSED, reason, message, "mend it");
  }
}
