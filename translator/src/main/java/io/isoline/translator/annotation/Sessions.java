package io.isoline.translator.annotation;

import io.isoline.translator.annotation.SessionAffinity.SameSite;
import io.isoline.translator.model.BackendOptions.Balancing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Whether the requests of a client go to the same endpoint. */
final class Sessions implements Subject {

  private static final String DEFAULT_NAME = "INGRESSCOOKIE";

  static final Annotation<Boolean> AFFINITY =
      new Annotation<>(
          "affinity",
          ValueType.oneOf(Map.of("cookie", true)),
          "any endpoint may answer any request",
          "With `cookie`, a client gets a cookie by which its requests go to the same endpoint, as"
              + " long as it is there.",
          "cookie",
          "Each Ingress has it for itself, though another one leads to the same Service. Clients"
              + " that share a connection, as behind another proxy, and have no cookie yet get the"
              + " same one with `affinity-mode: balanced`.");

  static final Annotation<Boolean> MODE =
      new Annotation<>(
          "affinity-mode",
          ValueType.oneOf(new TreeMap<>(Map.of("balanced", false, "persistent", true))),
          "balanced",
          "`balanced`: the cookie is hashed, so some clients move when endpoints come or go."
              + " `persistent`: the cookie holds the endpoint, so a client moves only when it is"
              + " gone.",
          "persistent",
          "With `persistent` who reads the cookie finds the address of the endpoint in it.")
          .within(AFFINITY);

  static final Annotation<Boolean> CANARY_BEHAVIOR =
      new Annotation<>(
          "affinity-canary-behavior",
          ValueType.oneOf(new TreeMap<>(Map.of("sticky", true, "legacy", false))),
          "sticky",
          "Where a canary gets a share of the requests: with `sticky` the cookie decides who"
              + " answers a client, with `legacy` each request is drawn anew.",
          "legacy",
          "The first request of a client, which has no cookie yet, may be answered by the other of"
              + " the two. With `affinity-mode: persistent` it is always `legacy`.")
          .within(AFFINITY);

  static final Annotation<String> NAME =
      text("session-cookie-name", "[-A-Za-z0-9._~/:]{1,256}", "letters, digits and - . _ ~ / :",
          DEFAULT_NAME, "The name of the cookie.", "route");

  static final Annotation<String> PATH =
      new Annotation<>(
              "session-cookie-path",
              ValueType.text(
                  "letters, digits and - . _ ~ / : , ? & =",
                  Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,1024}")),
              "the path of the rule, or / where that is an expression",
              "Below which path browsers send the cookie.",
              "/shop",
              "Without it, ingress-nginx has the expression itself as the path, below which browsers"
                  + " send nothing.")
          .within(AFFINITY);

  static final Annotation<String> DOMAIN =
      text("session-cookie-domain", "[-A-Za-z0-9._~/:]{1,256}", "letters, digits and - . _ ~ / :",
          "browsers send it to the host that set it", "To which hosts browsers send the cookie.",
          "example.com");

  static final Annotation<Long> MAX_AGE =
      number("session-cookie-max-age", "the browser's session, or `session-cookie-expires`",
          "For how long browsers keep the cookie, by Max-Age. It goes before"
              + " `session-cookie-expires`.", "");

  static final Annotation<Long> EXPIRES =
      number("session-cookie-expires", "the browser's session, or `session-cookie-max-age`",
          "For how long browsers keep the cookie.",
          "It is sent as Max-Age, which all browsers of today know, and not as Expires.");

  static final Annotation<Boolean> SECURE =
      flag("session-cookie-secure", "it is Secure for requests that came by HTTPS",
          "`true`: the cookie is Secure, whether the request came by HTTPS or not. `false`: it is"
              + " Secure for requests that came by HTTPS.", "true", "");

  static final Annotation<SameSite> SAME_SITE =
      new Annotation<>(
          "session-cookie-samesite",
          ValueType.oneOf(
              new TreeMap<>(
                  Map.of("None", SameSite.NONE, "Lax", SameSite.LAX, "Strict", SameSite.STRICT))),
          "browsers decide",
          "Whether browsers send the cookie with requests of other sites.",
          "Lax",
          "It counts in any case of its letters; ingress-nginx leaves `lax` out.")
          .within(AFFINITY);

  static final Annotation<Boolean> CONDITIONAL =
      flag("session-cookie-conditional-samesite-none", "SameSite=None is always sent",
          "`true` leaves SameSite=None out for browsers that take it for Strict: Chrome 51 to 66, iOS"
              + " 12, Safari of macOS 10.14.", "true", "");

  static final Annotation<Boolean> CHANGE_ON_FAILURE =
      flag("session-cookie-change-on-failure", "as with `affinity-mode`",
          "Whether a client whose endpoint fails gets another cookie.", "false",
          "`affinity-mode` says it: a client keeps its cookie with `balanced`, and gets another one"
              + " with `persistent`. In either case another endpoint answers the request.");

  private static Annotation<String> text(
      String key, String pattern, String syntax, String byDefault, String meaning, String example) {
    return new Annotation<>(
            key,
            ValueType.text(syntax, Pattern.compile(pattern)),
            byDefault,
            meaning,
            example,
            "")
        .within(AFFINITY);
  }

  private static Annotation<Long> number(
      String key, String byDefault, String meaning, String difference) {
    return new Annotation<>(
            key,
            ValueType.number(-1, Integer.MAX_VALUE, " (seconds)"),
            byDefault,
            meaning,
            "86400",
            difference)
        .within(AFFINITY);
  }

  private static Annotation<Boolean> flag(
      String key, String byDefault, String meaning, String example, String difference) {
    return new Annotation<>(key, ValueType.FLAG, byDefault, meaning, example, difference)
        .within(AFFINITY);
  }

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        AFFINITY,
        MODE,
        CANARY_BEHAVIOR,
        NAME,
        PATH,
        DOMAIN,
        MAX_AGE,
        EXPIRES,
        SECURE,
        SAME_SITE,
        CONDITIONAL,
        CHANGE_ON_FAILURE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    if (values.get(AFFINITY) == null) {
      return;
    }
    boolean pinned = values.get(MODE, false);
    boolean sticky = values.get(CANARY_BEHAVIOR, true);
    if (pinned && Boolean.TRUE.equals(values.get(CANARY_BEHAVIOR))) {
      values.differs(
          CANARY_BEHAVIOR,
          "with " + MODE + ": persistent, each request is drawn anew",
          "use " + MODE + ": balanced");
    }
    Long maxAge = values.get(MAX_AGE);
    if (maxAge == null) {
      maxAge = values.get(EXPIRES);
    } else {
      values.applied(EXPIRES, MAX_AGE + " goes before it");
    }
    changeOnFailure(values, pinned);
    SessionAffinity affinity =
        new SessionAffinity(
            values.get(NAME, DEFAULT_NAME),
            pinned,
            sticky && !pinned,
            maxAge,
            values.get(DOMAIN),
            values.get(PATH),
            values.get(SECURE, false),
            values.get(SAME_SITE),
            values.get(CONDITIONAL, false));
    policy.backend(
        backend ->
            (pinned
                    ? backend
                    : backend.with(backend.options().withBalancing(Balancing.HASH)))
                .keeping(affinity));
  }

  private static void changeOnFailure(Values values, boolean pinned) {
    Boolean change = values.get(CHANGE_ON_FAILURE);
    if (change != null && change != pinned) {
      values.differs(
          CHANGE_ON_FAILURE,
          pinned
              ? "a client whose endpoint fails gets another cookie"
              : "a client whose endpoint fails keeps its cookie, and another endpoint answers as long"
                  + " as it fails",
          "use " + MODE + ": " + (pinned ? "balanced" : "persistent"));
    }
  }
}
