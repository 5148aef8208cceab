package io.isoline.translator.text;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as Envoy reads them. The JDK also takes IPv6 with a zone, and IPv4 with parts left
 * out or with zeros in front, which others read as octal.
 */
public final class IpAddress {

  private static final Pattern IPV4 =
      Pattern.compile("(%1$s\\.){3}%1$s".formatted("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"));
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private IpAddress() {}

  /** The address of a text, an IPv4 one for {@code ::ffff:a.b.c.d}; null for any other text. */
  public static @Nullable InetAddress parse(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
