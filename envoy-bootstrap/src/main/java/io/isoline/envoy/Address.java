package io.isoline.envoy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where something listens: a TCP port or a Unix socket. */
public sealed interface Address {

  /**
   * A TCP address.
   *
   * @param host an IPv4 or IPv6 address without brackets, or a DNS name
   * @param port 0 to 65535; 0 means any free port, where the place that takes it allows that
   */
  record Socket(String host, int port) implements Address {
    /** Four groups of digits: not a DNS name, so it has to be right. */
    private static final Pattern IPV4_LIKE = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

    private static final Pattern OCTET =
        Pattern.compile("0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]");
    private static final Pattern IPV6_LIKE = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern DNS_NAME =
        Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
                + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");

    public Socket {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
      }
      if (IPV4_LIKE.matcher(host).matches()) {
        for (String octet : host.split("\\.", -1)) {
          if (!OCTET.matcher(octet).matches()) {
            throw new IllegalArgumentException("\"" + host + "\" is not an IPv4 address");
          }
        }
      } else if (!IPV6_LIKE.matcher(host).matches() && !DNS_NAME.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "\"" + host + "\" is neither an IP address (without brackets) nor a DNS name");
      }
    }

    /** True for an IP address, false for a name that has to be resolved. */
    public boolean isIp() {
      return isIpv6() || IPV4_LIKE.matcher(host).matches();
    }

    boolean isIpv6() {
      return host.indexOf(':') >= 0;
    }

    /** True when only this machine can reach it, by its spelling; nothing is resolved. */
    public boolean isLoopback() {
      return host.equals("localhost")
          || host.equals("::1")
          || (host.startsWith("127.") && IPV4_LIKE.matcher(host).matches());
    }

    @Override
    public String toString() {
      return (isIpv6() ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A Unix socket.
   *
   * @param path at most 103 bytes, the shortest limit of the systems that Envoy runs on
   */
  record Pipe(Path path) implements Address {
    private static final int MAX_BYTES = 103;

    public Pipe {
      int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || bytes > MAX_BYTES) {
        throw new IllegalArgumentException(
            "the path of a Unix socket may have 1 to %d bytes, this one has %d: %s"
                .formatted(MAX_BYTES, bytes, path));
      }
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * Reads {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code unix:PATH}.
   *
   * @throws IllegalArgumentException when it is none of these, with the reason
   */
  static Address parse(String text) {
    if (text.startsWith("unix:")) {
      return new Pipe(Path.of(text.substring("unix:".length())));
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw new IllegalArgumentException("\"" + host + "\" is not an IPv6 address");
      }
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\": write an IPv6 address in brackets, as in [::1]:9000");
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an address: write HOST:PORT or unix:PATH");
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\": the part after the last colon is not a port number", e);
    }
    return new Socket(host, port);
  }
}
