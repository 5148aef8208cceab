package io.isoline.translator.credentials;

import io.isoline.translator.text.IpAddress;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of an authentication service. Its host is a name or an address, or that of the request; no
 * other part of a request can decide who is asked.
 *
 * @param scheme {@code http} or {@code https}, or a variable that is one of them
 * @param authority a host, maybe with a port
 * @param target path and query, which begin with a slash
 */
public record AuthUrl(Template scheme, Template authority, Template target) {

  private static final Pattern URL =
      Pattern.compile("([a-z]+|\\$[a-z_]+)://([^/?#]+)([/?][^#]*)?", Pattern.DOTALL);

  private static final Pattern AUTHORITY =
      Pattern.compile("(\\$[a-z_]+|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");

  private static final String LABEL = "[A-Za-z0-9_](?:[-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?";

  private static final Pattern NAME =
      Pattern.compile(LABEL + "(?:\\." + LABEL + ")*\\.?");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  private static final Set<String> SCHEMES =
      Set.of("http", "https", "$scheme", "$pass_access_scheme");

  private static final Set<String> HOSTS =
      Set.of("$host", "$http_host", "$best_http_host", "$server_name");

  /** Characters of a URL, before its variables have values. */
  private static final int MAX_LENGTH = 2_000;

  /**
   * Takes one apart.
   *
   * @throws IllegalArgumentException when it is none, with a clause that says why
   */
  public static AuthUrl parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
    }
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      throw new IllegalArgumentException("it does not begin with http://HOST or https://HOST");
    }
    if (!SCHEMES.contains(url.group(1))) {
      throw new IllegalArgumentException("its scheme is neither http nor https");
    }
    Matcher authority = AUTHORITY.matcher(url.group(2));
    if (!authority.matches()) {
      throw new IllegalArgumentException("its host is neither a name nor an IPv4 address");
    }
    String host = authority.group(1);
    if (host.startsWith("$") ? !HOSTS.contains(host) : !isHost(host)) {
      throw new IllegalArgumentException(
          host.startsWith("$")
              ? "its host is " + host + ", and of variables only $host can be one"
              : "its host is neither a name nor an IPv4 address");
    }
    String port = authority.group(2);
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
      throw new IllegalArgumentException(port + " is not a port");
    }
    String target = url.group(3) == null ? "/" : url.group(3);
    if (!hasCharactersOfUrls(target)) {
      throw new IllegalArgumentException(
          "its path has other characters than letters, digits and - . _ ~ / : , ? & = + $");
    }
    return new AuthUrl(
        Template.parse(url.group(1)),
        Template.parse(url.group(2)),
        Template.parse(target.startsWith("?") ? "/" + target : target));
  }

  /**
   * Whether a text has nothing but what ingress-nginx takes in URLs, and bytes in hexadecimal. Takes a
   * time that grows with its length alone.
   */
  public static boolean hasCharactersOfUrls(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/:,?&=$+".indexOf(c) >= 0;
      if (!plain
          && !(c == '%'
              && i + 2 < text.length()
              && HexFormat.isHexDigit(text.charAt(i + 1))
              && HexFormat.isHexDigit(text.charAt(i + 2)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHost(String host) {
    if (!NAME.matcher(host).matches()) {
      return false;
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    // Resolvers take 127.1, 0x7f.1 and the like for addresses.
    return !NUMBER.matcher(last).matches() || IpAddress.parse(host) != null;
  }

  /** The host if it is written in it; null when it is that of the request. */
  public @Nullable String host() {
    String text = authority.text();
    return text.startsWith("$") ? null : text.replaceFirst(":[0-9]+$", "");
  }

  /** As it was written, but for a slash that was left out. */
  public String text() {
    return scheme + "://" + authority + target;
  }

  @Override
  public String toString() {
    return text();
  }
}
