package io.isoline.translator.ingress;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says which mistake keeps a host from being a DNS name, and how it should be written. */
final class HostMistake {

  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]{0,20}://");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]*)?");
  private static final Pattern IPV6 = Pattern.compile("\\[?[0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*:.*");
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");

  /** Letters that the two versions of internationalised names write differently. */
  private static final String DEVIATING = "\u00df\u03c2\u200c\u200d";

  private static final String RULE = "use labels of letters, digits and -, joined by dots";

  private HostMistake() {}

  /**
   * Finds the mistake.
   *
   * @param host no DNS name, with or without a wildcard
   */
  static HostReading.Unusable of(String host) {
    String written = written(host);
    String fix = written == null ? null : "write " + written;
    String said = "host \"" + host + "\" ";
    if (host.chars().anyMatch(Character::isISOControl)) {
      return mistake(said + "has a control character", fix, "remove it");
    }
    if (SCHEME.matcher(host).lookingAt()) {
      return mistake(said + "has a scheme", fix, "write the name alone, without ://");
    }
    if (host.codePoints().anyMatch(HostMistake::isBlank)) {
      return mistake(said + "has a blank", fix, "remove the blank");
    }
    if (host.indexOf('/') >= 0) {
      String rest = "; the path goes to http.paths";
      return mistake(said + "has a path", fix == null ? null : fix + rest, "write the name alone");
    }
    if (IPV4.matcher(host).matches() || IPV6.matcher(host).matches()) {
      return mistake(
          said + "is an IP address; it must be a DNS name",
          null,
          "use a DNS name, or leave host out for all hosts");
    }
    if (PORT.matcher(host).find()) {
      return mistake(said + "has a port", fix, "write the name alone, without port");
    }
    if (host.indexOf('*') >= 0 && !isWildcard(host)) {
      return mistake(
          said.strip() + ": a * can only stand for the whole first label",
          null,
          "write *.example.com");
    }
    if (host.chars().anyMatch(c -> c > 0x7e)) {
      return mistake(
          said + "has letters that are not ASCII",
          fix,
          "write the form that begins with xn--, as the registrar has it");
    }
    return ofLabels(host, said, fix);
  }

  private static HostReading.Unusable ofLabels(String host, String said, @Nullable String fix) {
    String name = isWildcard(host) ? host.substring(2) : host;
    if (name.isEmpty()) {
      return mistake(said + "has no name after the *", null, "write *.example.com");
    }
    if (name.endsWith(".") && name.length() > 1) {
      return mistake(said + "ends with a dot", fix, "leave the dot out");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        return mistake(said + "has a _, which names of hosts do not have", null, "use - instead");
      }
      if (!(c == '.' || c == '-' || Character.isLetterOrDigit(c))) {
        return mistake(said + "has a " + c + " in it", null, RULE);
      }
    }
    for (String label : name.split("\\.", -1)) {
      if (label.isEmpty()) {
        return mistake(said + "has two dots in a row, or begins with one", null, RULE);
      }
      if (label.length() > 63) {
        return mistake(
            said + "has a label of " + label.length() + " letters; the most are 63", null, RULE);
      }
      if (label.startsWith("-") || label.endsWith("-")) {
        return mistake(said + "has a label that begins or ends with -", null, RULE);
      }
    }
    return name.length() > 253
        ? mistake(said + "has " + name.length() + " letters; the most are 253", null, RULE)
        : mistake(said + "is not a DNS name", fix, RULE);
  }

  private static HostReading.Unusable mistake(String message, @Nullable String fix, String usual) {
    return new HostReading.Unusable(message, fix == null ? usual : fix);
  }

  private static boolean isWildcard(String host) {
    return host.startsWith("*.") && host.indexOf('*', 1) < 0;
  }

  /** The name that was meant; null when what is left is none. */
  private static @Nullable String written(String host) {
    String name = SCHEME.matcher(host).replaceFirst("");
    StringBuilder kept = new StringBuilder();
    name.codePoints()
        .filter(c -> !isBlank(c) && !Character.isISOControl(c))
        .forEach(kept::appendCodePoint);
    name = kept.toString();
    int end = name.indexOf('/');
    name = PORT.matcher(end < 0 ? name : name.substring(0, end)).replaceFirst("");
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    boolean wildcard = name.startsWith("*.");
    String ascii = ascii(wildcard ? name.substring(2) : name);
    if (ascii == null
        || ascii.length() > 253
        || !HostReading.NAME.matcher(ascii).matches()
        || IPV4.matcher(ascii).matches()) {
      return null;
    }
    return wildcard ? "*." + ascii : ascii;
  }

  private static @Nullable String ascii(String name) {
    if (name.length() > 253 || name.chars().anyMatch(c -> DEVIATING.indexOf(c) >= 0)) {
      return null;
    }
    try {
      return IDN.toASCII(name).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0xfeff;
  }
}
