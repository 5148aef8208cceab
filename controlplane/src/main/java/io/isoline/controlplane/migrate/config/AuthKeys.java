package io.isoline.controlplane.migrate.config;

import io.isoline.translator.annotation.OperatorsAuth;
import io.isoline.translator.credentials.CacheTimes;
import io.isoline.translator.credentials.SignIn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Keys about the service that is asked about the requests of all Ingresses. */
final class AuthKeys {

  private static final String URL = "global-auth-url";

  private AuthKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put(
        URL,
        text(
                "auth.url",
                OperatorsAuth::url,
                why ->
                    new Fate.ProtectionLost(
                        "nobody is asked for credentials: " + why,
                        "set auth.url to a service that can be asked"))
            .unlessEmpty());
    protecting(rules, "method", "auth.method", OperatorsAuth::method);
    part(rules, "signin", "auth.signIn", SignIn::parse);
    part(rules, "signin-redirect-param", "auth.signInParameter", OperatorsAuth::parameter);
    part(rules, "request-redirect", "auth.requestRedirect", OperatorsAuth::requestRedirect);
    part(rules, "cache-key", "auth.cacheKey", SignIn::cacheKey);
    part(rules, "cache-duration", "auth.cacheDuration", CacheTimes::parse);
    rules.put(
        "global-auth-response-headers",
        ((Rule) (value, others) -> responseHeaders(value)).unlessEmpty().within(URL));
    rules.put(
        "global-auth-snippet",
        Rule.protection("nothing of a snippet is run", null).unlessEmpty().within(URL));
    rules.put(
        "global-auth-always-set-cookie",
        Rule.notNeeded("cookies of the service are set in any case").within(URL));
    rules.put(
        "no-auth-locations",
        Rule.none(
                "no path is left out but those below /.well-known/acme-challenge/",
                "write the annotation isoline.io/enable-global-auth: \"false\" to an Ingress with"
                    + " these paths")
            .unless("/.well-known/acme-challenge", "paths below it are left out")
            .within(URL));
    return rules;
  }

  /** A part without which more clients would pass, or backends would be told less of them. */
  private static void protecting(
      Map<String, Rule> rules, String key, String path, Consumer<String> check) {
    rules.put("global-auth-" + key, leftOut(path, check, Fate.ProtectionLost::new));
  }

  private static void part(
      Map<String, Rule> rules, String key, String path, Consumer<String> check) {
    rules.put("global-auth-" + key, leftOut(path, check, Fate.NoCounterpart::new));
  }

  private static Rule leftOut(
      String path, Consumer<String> check, BiFunction<String, String, Fate> fate) {
    return text(
            path,
            check,
            why -> fate.apply("it is left out: " + why, "set " + path + " to what comes near"))
        .unlessEmpty()
        .within(URL);
  }

  private interface Refusal {
    Fate of(String why);
  }

  private static Rule text(String path, Consumer<String> check, Refusal refusal) {
    return (value, others) -> {
      String text = value.strip();
      try {
        check.accept(text);
      } catch (IllegalArgumentException e) {
        return refusal.of(String.valueOf(e.getMessage()));
      }
      return new Fate.TakenOver(path, Fate.quoted(text));
    };
  }

  private static Fate responseHeaders(String value) {
    List<String> names = new ArrayList<>();
    for (String each : value.split(",", -1)) {
      String name = each.strip();
      if (!name.isEmpty()) {
        try {
          String header = Fate.quoted(OperatorsAuth.header(name));
          if (!names.contains(header)) {
            names.add(header);
          }
        } catch (IllegalArgumentException e) {
          return new Fate.ProtectionLost(
              "backends are told nothing of clients: " + e.getMessage(),
              "set auth.responseHeaders to the names of headers");
        }
      }
    }
    return new Fate.TakenOver("auth.responseHeaders", "[" + String.join(", ", names) + "]");
  }
}
