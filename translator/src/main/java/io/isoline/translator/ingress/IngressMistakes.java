package io.isoline.translator.ingress;

import io.isoline.translator.Verdict;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;

/** The mistakes that an Ingress has alone, whatever else there is. */
public final class IngressMistakes {

  /** Under these no path is refused for its slashes, which is a matter of settings. */
  private static final HttpOptions.Paths ANY_SLASHES =
      new HttpOptions.Paths(HttpOptions.Paths.EscapedSlashes.KEEP, false);

  private IngressMistakes() {}

  /** A verdict on each field that breaks a rule, or that is read otherwise than it was written. */
  public static List<Verdict> of(IngressRecord ingress) {
    IngressReading reading = IngressReader.read(ingress, false, ANY_SLASHES, Profile.STRICT, null);
    List<Verdict> verdicts = new ArrayList<>(reading.verdicts());
    for (RouteClaim claim : reading.routes()) {
      verdicts.addAll(
          PathVerdicts.of(
              reading.claimant(),
              claim,
              reading.policy().paths().makesExpressions(claim.path()) ? reading.claimant() : null,
              ANY_SLASHES));
    }
    return verdicts.stream().filter(Verdict::isFinding).toList();
  }
}
