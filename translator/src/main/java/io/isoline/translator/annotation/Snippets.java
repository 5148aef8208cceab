package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.SnippetReader.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines of nginx's own configuration. None of them is ever run. What has an annotation in its place
 * is said with it; a snippet that keeps somebody out closes the paths of its Ingress.
 */
final class Snippets implements Subject {

  private static final String WITHOUT = "nothing of it is in force";

  static final Annotation<String> CONFIGURATION_SNIPPET =
      snippet("configuration-snippet", "the locations of the Ingress", "proxy_set_header X-Real-IP $remote_addr;");

  static final Annotation<String> SERVER_SNIPPET =
      snippet("server-snippet", "the hosts of the Ingress", "proxy_set_header Host $host;");

  static final Annotation<String> STREAM_SNIPPET =
      snippet("stream-snippet", "the ports for TCP and UDP", "# nothing");

  /** Keeps somebody out, or limits what somebody can do. */
  private static final Pattern PROTECTING =
      Pattern.compile(
          "deny|satisfy|auth_.*|limit_(req|conn).*|access_by_lua.*|rewrite_by_lua.*|modsecurity.*"
              + "|ssl_verify_client|ssl_client_certificate|secure_link.*|valid_referers|internal");

  /** What backends get in any case. */
  private static final Set<String> SENT_ANYWAY =
      Set.of(
          "connection",
          "upgrade",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-real-ip");

  /** Directives with one argument and an annotation of the same syntax. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("client_max_body_size", "proxy-body-size"),
          Map.entry("proxy_buffering", "proxy-buffering"),
          Map.entry("proxy_connect_timeout", "proxy-connect-timeout"),
          Map.entry("proxy_http_version", "proxy-http-version"),
          Map.entry("proxy_read_timeout", "proxy-read-timeout"),
          Map.entry("proxy_request_buffering", "proxy-request-buffering"),
          Map.entry("proxy_send_timeout", "proxy-send-timeout"),
          Map.entry("proxy_ssl_ciphers", "proxy-ssl-ciphers"),
          Map.entry("proxy_ssl_name", "proxy-ssl-name"),
          Map.entry("proxy_ssl_server_name", "proxy-ssl-server-name"),
          Map.entry("proxy_ssl_verify", "proxy-ssl-verify"),
          Map.entry("proxy_ssl_verify_depth", "proxy-ssl-verify-depth"));

  private static final Pattern PLAIN_HTTP =
      Pattern.compile("if \\(? ?\\$scheme (= http|!= https) ?\\)?");

  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,9})s?");

  private static final Pattern HEADER = Pattern.compile("([-A-Za-z0-9_]+): ?(.*)");

  /** A message names so many. */
  private static final int MOST_WORDS = 6;

  private static Annotation<String> snippet(String key, String where, String example) {
    return new Annotation<>(
        key,
        ValueType.text("lines of nginx's configuration", Pattern.compile("(?s).*")),
        WITHOUT,
        "Lines of nginx's configuration for "
            + where
            + ". Isoline runs none of them. The verdict has the annotations that do the same as its"
            + " directives. While a snippet keeps somebody out (`deny`, `auth_request`, `limit_req`,"
            + " `return 403` and the like), the paths of the Ingress answer 503.",
        example,
        "ingress-nginx drops the whole Ingress, unless the operator allows snippets, and then runs"
            + " them.");
  }

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(CONFIGURATION_SNIPPET, SERVER_SNIPPET, STREAM_SNIPPET);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    for (Annotation<String> annotation :
        List.of(CONFIGURATION_SNIPPET, SERVER_SNIPPET, STREAM_SNIPPET)) {
      String text = values.get(annotation);
      if (text != null) {
        judge(annotation, SnippetReader.read(text), values);
      }
    }
  }

  private static void judge(
      Annotation<String> annotation, List<Directive> directives, Values values) {
    if (directives.isEmpty()) {
      values.applied(annotation, "it has no directive");
      return;
    }
    Replacements replacements = new Replacements();
    directives.forEach(replacements::add);
    String protecting =
        directives.stream()
            .filter(Snippets::protects)
            .map(Directive::name)
            .findFirst()
            .orElse(null);
    if (protecting != null) {
      values.closed(
          annotation,
          Reason.Unsupported,
          "nothing of a snippet is run, and `" + shown(protecting) + "` in it keeps somebody out",
          replacements.inWords());
    } else if (replacements.isAllSoAnyway()) {
      values.applied(annotation, "nothing of a snippet is run; what it asks for is so anyway");
    } else {
      values.refused(
          annotation,
          Reason.Unsupported,
          "nothing of a snippet is run" + replacements.leftOut(),
          replacements.inWords());
    }
  }

  private static boolean protects(Directive directive) {
    return PROTECTING.matcher(directive.name()).matches()
        || (directive.name().equals("return") && directive.argument(1).matches("4\\d\\d"));
  }

  private static String shown(String text) {
    return ValueType.shown(text);
  }

  /** What an author can write instead of the directives of a snippet. */
  private static final class Replacements {

    private final SortedMap<String, String> requestHeaders = new TreeMap<>();
    private final SortedMap<String, String> responseHeaders = new TreeMap<>();
    private final SortedSet<String> requestRemoved = new TreeSet<>();
    private final SortedSet<String> responseRemoved = new TreeSet<>();
    private final SortedMap<String, String> annotations = new TreeMap<>();
    private final List<String> allowed = new ArrayList<>();
    private final List<String> denied = new ArrayList<>();
    private final SortedSet<String> unknown = new TreeSet<>();
    private @Nullable String pathOfRewrite;
    private boolean soAnyway;

    void add(Directive directive) {
      if (directive.opensBlock() && PLAIN_HTTP.matcher(String.join(" ", directive.words())).matches()) {
        return;
      }
      if (!directive.within().isEmpty()
          && !PLAIN_HTTP.matcher(directive.within()).matches()) {
        unknown.add(directive.name());
        return;
      }
      if (directive.opensBlock() || !replace(directive)) {
        unknown.add(directive.name());
      }
    }

    private boolean replace(Directive directive) {
      String first = directive.argument(1);
      String second = directive.argument(2);
      return switch (directive.name()) {
        case "more_set_headers" -> eachHeader(directive.arguments(), responseHeaders, responseRemoved);
        case "more_set_input_headers" -> eachHeader(directive.arguments(), requestHeaders, requestRemoved);
        case "add_header" -> header(first, second, responseHeaders, responseRemoved);
        case "proxy_set_header" -> requestHeader(first, second);
        case "more_clear_headers", "proxy_hide_header" -> eachName(directive.arguments(), responseRemoved);
        case "more_clear_input_headers" -> eachName(directive.arguments(), requestRemoved);
        case "allow" -> first.equals("all") || allowed.add(first);
        case "deny" -> denied.add(first);
        case "return" -> redirect(directive, first, second);
        case "rewrite" -> rewrite(directive);
        case "proxy_ssl_protocols" -> protocols(directive.arguments());
        default -> same(directive.name(), first);
      };
    }

    private boolean eachHeader(
        List<String> headers, SortedMap<String, String> set, SortedSet<String> removed) {
      for (String each : headers) {
        Matcher header = HEADER.matcher(each);
        if (!header.matches() || !header(header.group(1), header.group(2), set, removed)) {
          return false;
        }
      }
      return true;
    }

    private boolean eachName(List<String> names, SortedSet<String> removed) {
      for (String each : names) {
        if (HeaderNames.fault(each) != null || each.contains("*")) {
          return false;
        }
        removed.add(each);
      }
      return true;
    }

    /** An empty value removes it; one with variables has no replacement. */
    private static boolean header(
        String name, String value, SortedMap<String, String> set, SortedSet<String> removed) {
      if (HeaderNames.fault(name) != null || value.contains("$") || !HeaderNames.isValue(value)) {
        return false;
      }
      if (value.isEmpty()) {
        removed.add(name);
      } else {
        set.put(name, value);
      }
      return true;
    }

    private boolean requestHeader(String name, String value) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("host")) {
        if (Set.of("$host", "$http_host", "$best_http_host").contains(value)) {
          soAnyway = true;
        } else {
          annotations.put("upstream-vhost", value);
        }
        return true;
      }
      if (SENT_ANYWAY.contains(lower) && (value.startsWith("$") || value.equals("upgrade"))) {
        soAnyway = true;
        return true;
      }
      return header(name, value, requestHeaders, requestRemoved);
    }

    private boolean redirect(Directive directive, String status, String location) {
      if (!directive.within().isEmpty()) {
        if (location.matches("https://\\$(host|http_host|server_name)\\$request_uri")) {
          annotations.put("force-ssl-redirect", "true");
          return true;
        }
        return false;
      }
      if (!location.matches("https?://[^$]+")) {
        return false;
      }
      switch (status) {
        case "301", "308" -> {
          annotations.put("permanent-redirect", location);
          if (status.equals("308")) {
            annotations.put("permanent-redirect-code", status);
          }
        }
        case "302" -> annotations.put("temporal-redirect", location);
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean rewrite(Directive directive) {
      String target = directive.argument(2);
      String flag = directive.argument(3);
      if (flag.equals("permanent") && target.matches("https?://[^$]+")) {
        annotations.put("permanent-redirect", target);
        return true;
      }
      if (flag.equals("redirect") && target.matches("https?://[^$]+")) {
        annotations.put("temporal-redirect", target);
        return true;
      }
      if (flag.equals("break") && target.matches("/[^\\s]*")) {
        String expression = directive.argument(1);
        annotations.put("rewrite-target", target);
        annotations.put("use-regex", "true");
        pathOfRewrite = expression.startsWith("^") ? expression.substring(1) : expression;
        return true;
      }
      return false;
    }

    private boolean protocols(List<String> versions) {
      SortedSet<String> spoken = new TreeSet<>(versions);
      spoken.retainAll(Set.of("TLSv1.2", "TLSv1.3"));
      if (spoken.isEmpty()) {
        return false;
      }
      annotations.put("proxy-ssl-protocols", String.join(" ", spoken));
      return true;
    }

    private boolean same(String name, String value) {
      String annotation = SAME.get(name);
      if (annotation == null
          || (value.contains("$") && !(name.equals("proxy_ssl_name") && value.equals("$host")))) {
        return false;
      }
      Matcher seconds = SECONDS.matcher(value);
      annotations.put(
          annotation,
          annotation.endsWith("-timeout") && seconds.matches() ? seconds.group(1) : value);
      return true;
    }

    boolean isAllSoAnyway() {
      return soAnyway && unknown.isEmpty() && written().isEmpty();
    }

    /** The directives without a replacement, as the end of a sentence. */
    String leftOut() {
      if (unknown.isEmpty()) {
        return "; annotations do all of it";
      }
      if (written().isEmpty()) {
        return "";
      }
      return "; no annotation does what "
          + String.join(", ", unknown.stream().limit(MOST_WORDS).map(Snippets::shown).toList())
          + (unknown.size() > MOST_WORDS ? " and others do" : unknown.size() > 1 ? " do" : " does");
    }

    /** What to write, ready to be pasted. */
    String inWords() {
      List<String> written = written();
      if (written.isEmpty()) {
        return "let the backend do it: Isoline has no configuration of nginx";
      }
      String words =
          String.join(", ", written)
              + (pathOfRewrite == null ? "" : ", with the path " + pathOfRewrite);
      return "remove it, and write "
          + (words.length() <= 800 ? words : words.substring(0, 800) + "…");
    }

    private List<String> written() {
      List<String> written = new ArrayList<>();
      lines(written, "set-request-headers", requestHeaders);
      names(written, "remove-request-headers", requestRemoved);
      lines(written, "set-response-headers", responseHeaders);
      names(written, "remove-response-headers", responseRemoved);
      if (denied.contains("all") && !allowed.isEmpty()) {
        annotations.put("allowlist-source-range", String.join(",", allowed));
      } else if (denied.contains("all")) {
        annotations.put("denylist-source-range", "0.0.0.0/0,::/0");
      } else if (!denied.isEmpty()) {
        annotations.put("denylist-source-range", String.join(",", denied));
      }
      annotations.forEach((key, value) -> written.add(annotation(key, value)));
      return written;
    }

    private static void lines(
        List<String> written, String key, SortedMap<String, String> headers) {
      if (!headers.isEmpty()) {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        written.add(annotation(key, String.join("\n", lines)));
      }
    }

    private static void names(List<String> written, String key, SortedSet<String> names) {
      if (!names.isEmpty()) {
        written.add(annotation(key, String.join(", ", names)));
      }
    }

    /** As a line of YAML. */
    private static String annotation(String key, String value) {
      return Annotations.OWN_PREFIX
          + key
          + ": \""
          + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
          + "\"";
    }
  }
}
