package io.isoline.translator.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with variables of nginx, {@code $name} or {@code ${name}}, whose values come from a request.
 * Nothing else in it means anything.
 *
 * @param text as it was written
 * @see <a href="https://nginx.org/en/docs/varindex.html">Variables of nginx</a>
 */
public record Template(String text, List<Part> parts) {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z0-9_]{1,100})\\}|([A-Za-z0-9_]{1,100}))");

  /** Those with a name of their own; besides them there are headers, cookies and parameters. */
  private static final Set<String> NAMES =
      Set.of(
          "args",
          "best_http_host",
          "document_uri",
          "escaped_request_uri",
          "host",
          "hostname",
          "http_host",
          "https",
          "ingress_name",
          "is_args",
          "namespace",
          "pass_access_scheme",
          "pass_port",
          "pass_server_port",
          "query_string",
          "remote_addr",
          "remote_user",
          "req_id",
          "request_id",
          "request_method",
          "request_uri",
          "scheme",
          "server_name",
          "server_port",
          "the_real_ip",
          "uri");

  private static final Pattern OF_REQUEST = Pattern.compile("(http|cookie|arg)_[A-Za-z0-9_]+");

  /** A piece of a template. */
  public sealed interface Part {
    /** What stays as it is. */
    record Literal(String text) implements Part {}

    /** What a request says. */
    record Variable(String name) implements Part {}
  }

  public Template {
    parts = List.copyOf(parts);
  }

  /**
   * Takes a text apart.
   *
   * @throws IllegalArgumentException when it has a {@code $} that is not followed by the name of a
   *     variable that is known, with a clause that says which
   */
  public static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = VARIABLE.matcher(text);
    int end = 0;
    while (matcher.find()) {
      literal(parts, text.substring(end, matcher.start()));
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      if (!isKnown(name)) {
        throw new IllegalArgumentException("there is no variable $" + name);
      }
      parts.add(new Part.Variable(name));
      end = matcher.end();
    }
    literal(parts, text.substring(end));
    return new Template(text, parts);
  }

  private static void literal(List<Part> parts, String text) {
    if (text.indexOf('$') >= 0) {
      throw new IllegalArgumentException("a $ stands before the name of a variable");
    }
    if (!text.isEmpty()) {
      parts.add(new Part.Literal(text));
    }
  }

  private static boolean isKnown(String name) {
    return NAMES.contains(name) || OF_REQUEST.matcher(name).matches();
  }

  /** The text with the values in the place of the variables. */
  public String fill(Function<String, String> values) {
    StringBuilder filled = new StringBuilder();
    for (Part part : parts) {
      filled.append(
          switch (part) {
            case Part.Literal(String literal) -> literal;
            case Part.Variable(String name) -> values.apply(name);
          });
    }
    return filled.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
