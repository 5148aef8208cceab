package io.isoline.translator.ingress;

import io.isoline.translator.annotation.Canary;
import io.isoline.translator.annotation.Canary.ByHeader;
import io.isoline.translator.model.RouteAction.Split;
import io.isoline.translator.model.RouteAction.Weighted;
import io.isoline.translator.model.RouteMatch.Text;
import io.isoline.translator.model.RouteMatch.Value;
import io.isoline.translator.model.Upstream;
import java.util.ArrayList;
import java.util.List;

/** Decides which requests go to a canary: the header decides first, then the cookie, then the weight. */
final class CanaryArms {

  private static final String SPECIAL = ".~/:-_";

  private CanaryArms() {}

  /**
   * Some of the requests.
   *
   * @param headers what they have; the last share asks for nothing
   */
  record Share(List<Value> headers, Split split) {}

  /**
   * The shares, in the order in which they are tried.
   *
   * @param sticky whether a client that has been answered by one of the two stays with it
   */
  static List<Share> of(Canary canary, Upstream main, Upstream other, boolean sticky) {
    Split toMain = new Split(List.of(new Weighted(main, 1)));
    Split toOther = new Split(List.of(new Weighted(other, 1)));
    List<Share> shares = new ArrayList<>();
    switch (canary.header()) {
      case null -> {}
      case ByHeader.Word(String name) -> {
        shares.add(exactly(name, Canary.ALWAYS, toOther));
        shares.add(exactly(name, Canary.NEVER, toMain));
      }
      case ByHeader.Value(String name, String value) -> shares.add(exactly(name, value, toOther));
      case ByHeader.Matching(String name, String expression) ->
          shares.add(new Share(List.of(new Value(name, new Text.Expression(expression))), toOther));
    }
    if (canary.cookie() != null) {
      shares.add(cookie(canary.cookie(), Canary.ALWAYS, toOther));
      shares.add(cookie(canary.cookie(), Canary.NEVER, toMain));
    }
    int weight = canary.weight();
    int rest = canary.total() - weight;
    shares.add(
        new Share(
            List.of(),
            weight == 0
                ? toMain
                : rest == 0
                    ? toOther
                    : new Split(
                        List.of(new Weighted(main, rest), new Weighted(other, weight)), sticky)));
    return shares;
  }

  private static Share exactly(String header, String value, Split split) {
    return new Share(List.of(new Value(header, new Text.Exact(value))), split);
  }

  private static Share cookie(String name, String value, Split split) {
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      literal.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").append(c);
    }
    return new Share(
        List.of(
            new Value(
                "cookie", new Text.Expression("(?:.*;)? *" + literal + "=\"?" + value + "\"?(?:;.*)?"))),
        split);
  }
}
