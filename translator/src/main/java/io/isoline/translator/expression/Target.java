package io.isoline.translator.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path becomes, with references to the groups of the expression that matched it: {@code $1}
 * to {@code $9}, or {@code $name}. {@code $10} is {@code $1} and a zero.
 *
 * @param text as it was written
 * @param server the server of a URL; null for a path
 * @param parts of the path, of which the first is a literal that begins with a slash
 */
public record Target(String text, @Nullable Server server, List<Part> parts) {

  /** Lone dots, empty elements. */
  private static final Pattern NOT_NORMAL = Pattern.compile("//|/\\.\\.?(/|$)");

  private static final Pattern URL =
      Pattern.compile("(https?)://([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?)(:[0-9]{1,5})?(.*)");

  private static final Pattern PART = Pattern.compile("\\$([1-9]|[A-Za-z_][A-Za-z0-9_]*)|[^$]+");

  public Target {
    parts = List.copyOf(parts);
  }

  /**
   * A server.
   *
   * @param port 0 for that of the scheme
   */
  public record Server(String scheme, String host, int port) {}

  /** A part of a path. */
  public sealed interface Part {
    /** This text. */
    record Literal(String text) implements Part {}

    /** What a group captured. */
    record Reference(String group) implements Part {}
  }

  /** What came of a text. */
  public sealed interface Reading {
    /** It is a target. */
    record Good(Target target) implements Reading {}

    /**
     * It is none.
     *
     * @param message a clause that says why
     */
    record Bad(String message) implements Reading {}
  }

  /**
   * Reads one.
   *
   * @param text of letters, digits and {@code - . _ ~ / : $}
   */
  public static Reading read(String text) {
    Matcher url = URL.matcher(text);
    Server server = null;
    String path = text;
    if (url.matches()) {
      int port = url.group(4) == null ? 0 : Integer.parseInt(url.group(4).substring(1));
      if (port > 65_535) {
        return new Reading.Bad(port + " is no port");
      }
      server = new Server(url.group(1), url.group(2), port);
      path = url.group(5);
      if (!path.isEmpty() && "/$".indexOf(path.charAt(0)) < 0) {
        return new Reading.Bad("its host is followed by something that begins no path");
      }
    } else if (text.startsWith("http://") || text.startsWith("https://")) {
      return new Reading.Bad("it is a URL whose host is no plain name");
    }
    List<Part> parts = new ArrayList<>();
    Matcher part = PART.matcher(path);
    int end = 0;
    while (part.find() && part.start() == end) {
      end = part.end();
      parts.add(
          part.group(1) == null
              ? new Part.Literal(part.group())
              : new Part.Reference(part.group(1)));
    }
    if (end < path.length()) {
      return new Reading.Bad("a $ in it is not followed by 1 to 9 or by the name of a group");
    }
    for (Part each : parts) {
      if (each instanceof Part.Literal(String literal) && NOT_NORMAL.matcher(literal).find()) {
        return new Reading.Bad("it has an empty or a relative element");
      }
    }
    if (!path.startsWith("/")) {
      String first = !parts.isEmpty() && parts.getFirst() instanceof Part.Literal(String l) ? l : "";
      if (!first.isEmpty()) {
        parts.removeFirst();
      }
      parts.addFirst(new Part.Literal("/" + first));
    }
    return new Reading.Good(new Target(text, server, parts));
  }

  /** Whether it begins with a character that begins neither a path nor a URL. */
  public boolean lacksSlash() {
    return server == null && !text.startsWith("/") && !text.startsWith("$");
  }
}
