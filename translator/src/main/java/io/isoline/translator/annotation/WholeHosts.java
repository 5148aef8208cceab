package io.isoline.translator.annotation;

import io.isoline.translator.annotation.HostWishes.Wish;
import io.isoline.translator.annotation.ValueType.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What holds for a host as a whole, and which other hosts are served as one is. */
final class WholeHosts implements Subject {

  /** Each alias has all routes of its host once more. */
  private static final int MOST_ALIASES = 32;

  private static final String OLDEST =
      " Of several Ingresses of a host, the oldest of the namespace that owns the host decides.";

  static final Annotation<String> APP_ROOT =
      new Annotation<>(
          "app-root",
          ValueType.text(
              "a path that begins with one / : letters, digits and - . _ ~ / :",
              Pattern.compile("/([-A-Za-z0-9._~:][-A-Za-z0-9._~/:]{0,1999})?")),
          "/ is served as its rules say",
          "Requests for / are answered by 302 to this path of the same host, without their query,"
              + " whatever the rules for / say. It goes before a redirect to HTTPS and before"
              + " whatever else denies or redirects requests."
              + OLDEST,
          "/app",
          "Variables of nginx and a second slash at the beginning are refused. Of a host that"
              + " namespaces share, only the owner's counts.");

  static final Annotation<List<String>> SERVER_ALIAS =
      new Annotation<>(
          "server-alias",
          new ValueType<>(
              "hosts with commas between them, " + MOST_ALIASES + " at most", WholeHosts::aliases),
          "only the hosts of the rules are served",
          "The first host of the rules is served under these names as well, with the paths that"
              + " the namespace has for it and its certificate. A host that has a rule anywhere is"
              + " no alias."
              + OLDEST,
          "shop.example.org, *.shop.example.org",
          "A wildcard is for names with one label more; with ingress-nginx for all below it."
              + " Expressions, which begin with ~, are refused. Paths of other namespaces are not"
              + " served under an alias.");

  static final Annotation<Boolean> FROM_TO_WWW_REDIRECT =
      new Annotation<>(
          "from-to-www-redirect",
          ValueType.FLAG,
          "only the hosts of the rules are served",
          "`true` answers requests for the host with www. before it by 308 to the host of the rule,"
              + " or for the host without www. where the rule has it. Path and query stay. A host"
              + " that has a rule anywhere, or is an alias, is left alone. It needs the host's owner"
              + " to ask for it.",
          "true",
          "A wildcard gets none; ingress-nginx serves nothing any more for one. The other host shows a"
              + " certificate that an Ingress has for it; ingress-nginx shows its own. For a class of"
              + " ingress-nginx a slash at the end of a request without a query is dropped.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(APP_ROOT, SERVER_ALIAS, FROM_TO_WWW_REDIRECT);
  }

  private static final Pattern ALIASES =
      Pattern.compile("[-A-Za-z0-9._~/:^$\\[\\](){}*+?|&=\\\\, ]*");

  private static Reading<List<String>> aliases(String text) {
    if (!ALIASES.matcher(text).matches()) {
      return new Reading.Bad<>("\"" + ValueType.shown(text) + "\" is no list of hosts");
    }
    List<String> aliases = new ArrayList<>();
    for (String each : text.split(",", MOST_ALIASES + 2)) {
      if (!each.isBlank()) {
        aliases.add(each.strip());
      }
    }
    return aliases.size() > MOST_ALIASES
        ? new Reading.Bad<>("there are more than " + MOST_ALIASES + " aliases")
        : new Reading.Good<>(List.copyOf(aliases));
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    policy.ofHosts(
        new HostWishes(
            wish(values, APP_ROOT, values.get(APP_ROOT)),
            wish(values, SERVER_ALIAS, values.get(SERVER_ALIAS)),
            values.get(FROM_TO_WWW_REDIRECT, false)
                ? wish(values, FROM_TO_WWW_REDIRECT, true)
                : null));
  }

  private static <T> @Nullable Wish<T> wish(
      Values values, Annotation<T> annotation, @Nullable T value) {
    return value == null ? null : new Wish<>(values.field(annotation), value);
  }
}
