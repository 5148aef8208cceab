package io.isoline.translator.ingress;

import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.PathMatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how the path of a rule is read, where its author may not expect that. */
final class PathVerdicts {

  private PathVerdicts() {}

  /**
   * The verdicts on one path; empty when there is no doubt.
   *
   * @param expressive the Ingress that makes paths of this namespace for the host expressions; null
   *     when none does
   */
  static List<Verdict> of(
      Claimant ingress,
      RouteClaim claim,
      @Nullable Claimant expressive,
      HttpOptions.Paths paths) {
    List<Verdict> verdicts = new ArrayList<>();
    PathReading reading =
        expressive == null
            ? PathReading.of(claim.path(), claim.pathType(), paths)
            : ExpressionPath.of(claim.path(), paths);
    switch (reading) {
      case PathReading.Unusable bad ->
          verdicts.add(
              new Verdict(
                  ingress.ref(),
                  claim.field(),
                  Outcome.REFUSED,
                  Reason.InvalidValue,
                  bad.message(),
                  bad.fix()));
      case PathReading.Usable good -> {
        if (good.difference() != null) {
          verdicts.add(
              difference(
                  ingress,
                  claim,
                  good.difference(),
                  expressive == null
                      ? PathExpression.fix(claim.path())
                      : "put the alternatives in parentheses"));
        }
        if (expressive != null
            && !expressive.ref().equals(ingress.ref())
            && !claim.pathType().equals(PathReading.SPECIFIC)
            && !good.match().equals(PathMatch.ALL)) {
          verdicts.add(
              difference(
                  ingress,
                  claim,
                  "the path is an expression, which ignores case and after which anything may"
                      + " follow, as "
                      + expressive.ref()
                      + " has use-regex or rewrite-target for the host",
                  "give the two Ingresses different hosts, or end the path with $"));
        }
      }
    }
    return verdicts;
  }

  private static Verdict difference(
      Claimant ingress, RouteClaim claim, String message, String fix) {
    return new Verdict(
        ingress.ref(),
        claim.field() + ".path",
        Outcome.APPLIED_WITH_DIFFERENCE,
        Reason.InvalidValue,
        message,
        fix);
  }
}
