package io.isoline.controlplane.offline;

import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import java.util.Locale;

/** How much a verdict matters, the worst last. */
public enum Rank {
  /** All is in order. */
  OK("ok"),
  /** Worth to know, and nothing to look at. */
  NOTE("note"),
  DIFFERS("differs"),
  NO_EFFECT("no effect"),
  REFUSED("refused"),
  /** A protection that is asked for is not there. */
  UNPROTECTED("UNPROTECTED");

  private final String word;

  Rank(String word) {
    this.word = word;
  }

  public static Rank of(Verdict verdict) {
    if (verdict.reason() == Reason.NotInFiles || verdict.reason() == Reason.ReferenceRefused) {
      return NOTE;
    }
    return switch (verdict.outcome()) {
      case APPLIED -> OK;
      case APPLIED_WITH_DIFFERENCE -> DIFFERS;
      case NO_EFFECT -> NO_EFFECT;
      case REFUSED -> REFUSED;
      case UNPROTECTED -> UNPROTECTED;
    };
  }

  /** As it stands before a verdict. */
  String word() {
    return word;
  }

  /** As it is counted. */
  public String lowerCase() {
    return word.toLowerCase(Locale.ROOT);
  }
}
