package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import java.util.List;
import java.util.regex.Pattern;

/** What asks for a firewall that looks at requests. Envoy has none, so nobody passes. */
final class Firewalls implements Subject {

  private static final String NONE = "Envoy has no firewall that looks at requests";

  private static final String FIX =
      "put a firewall in front of Envoy or in front of the application, and remove the annotation";

  private static final String BY_DEFAULT = "no firewall looks at requests";

  static final Annotation<Boolean> ENABLE_MODSECURITY =
      new Annotation<>(
              "enable-modsecurity",
              ValueType.FLAG,
              BY_DEFAULT,
              "`true` asks for ModSecurity, which Envoy does not have, so nobody passes. `false` is"
                  + " what is so anyway.",
              "false",
              "It is not served without what it asks for. With a value that is neither true nor false,"
                  + " requests get 503, too; ingress-nginx takes it for false.")
          .closing();

  static final Annotation<Boolean> ENABLE_OWASP_CORE_RULES =
      new Annotation<>(
              "enable-owasp-core-rules",
              ValueType.FLAG,
              BY_DEFAULT,
              "`true` asks for rules of ModSecurity, which Envoy does not have, so nobody passes."
                  + " `false` is what is so anyway.",
              "false",
              "It is not served without what it asks for, unless `enable-modsecurity` is `false`. With"
                  + " a value that is neither true nor false, requests get 503, too; ingress-nginx takes"
                  + " it for false.")
          .closing();

  static final Annotation<String> MODSECURITY_SNIPPET =
      new Annotation<>(
              "modsecurity-snippet",
              ValueType.text("rules of ModSecurity", Pattern.compile("(?s).*")),
              BY_DEFAULT,
              "Rules of ModSecurity, which Envoy does not have, so nobody passes. Lines that are"
                  + " empty or begin with `#` ask for nothing.",
              "# nothing",
              "It is not served without what it asks for, unless `enable-modsecurity` is `false`."
                  + " Where it asks for nothing, the Ingress is served; ingress-nginx drops it, unless"
                  + " the operator allows snippets.")
          .closing();

  static final Annotation<String> MODSECURITY_TRANSACTION_ID =
      new Annotation<>(
          "modsecurity-transaction-id",
          ValueType.text(
              "letters, digits, -, _, $, { and }", Pattern.compile("[-A-Za-z0-9_${}]{1,1000}")),
          BY_DEFAULT,
          "What ModSecurity calls a request in its log. There is no such log.",
          "$request_id",
          "There is no such log.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        ENABLE_MODSECURITY,
        ENABLE_OWASP_CORE_RULES,
        MODSECURITY_SNIPPET,
        MODSECURITY_TRANSACTION_ID);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    boolean off = Boolean.FALSE.equals(values.get(ENABLE_MODSECURITY));
    judge(values, ENABLE_MODSECURITY, values.get(ENABLE_MODSECURITY, false), off);
    judge(values, ENABLE_OWASP_CORE_RULES, values.get(ENABLE_OWASP_CORE_RULES, false), off);
    judge(values, MODSECURITY_SNIPPET, hasRules(values.get(MODSECURITY_SNIPPET, "")), off);
    values.applied(MODSECURITY_TRANSACTION_ID, "without a firewall it means nothing");
  }

  private static void judge(Values values, Annotation<?> annotation, boolean asks, boolean off) {
    if (asks && !off) {
      values.closed(annotation, Reason.Unsupported, NONE, FIX);
    } else {
      values.applied(
          annotation,
          asks ? "without " + ENABLE_MODSECURITY + " it means nothing" : "already so: " + BY_DEFAULT);
    }
  }

  private static boolean hasRules(String snippet) {
    return snippet.lines().map(String::strip).anyMatch(l -> !l.isEmpty() && !l.startsWith("#"));
  }
}
