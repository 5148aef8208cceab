package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether clients need one way in, or all of them. */
final class Satisfaction implements Subject {

  static final Annotation<Boolean> SATISFY =
      new Annotation<>(
          "satisfy",
          ValueType.word(new TreeMap<>(Map.of("all", false, "any", true))),
          "all",
          "`all`: a request needs an address of the list, a password and the word of the service,"
              + " whichever of these the Ingress asks for. `any`: one of them is enough.",
          "any",
          "");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(SATISFY);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Boolean any = values.get(SATISFY);
    if (any == null) {
      return;
    }
    if (any) {
      policy.satisfyAny();
    }
    boolean asks =
        values.get(BasicAuthentication.AUTH_TYPE) != null
            || values.get(ExternalAuthentication.AUTH_URL) != null;
    if (!asks) {
      values.applied(SATISFY, "neither a password nor a service is asked for, so it means nothing");
    } else if (any) {
      values.applied(SATISFY, "one way in is enough");
    }
  }
}
