package io.isoline.translator.backend;

import io.isoline.translator.text.IpAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which addresses an endpoint may have. Whoever may write an EndpointSlice must not reach
 * by it what the proxy can reach and they can't: Envoy's own admin interface on loopback, the
 * node's, the metadata server of a cloud, or a whole network by multicast.
 *
 * <p>The API server refuses the first of these in slices, but not those of every version and not in
 * every spelling; files have no API server at all.
 *
 * @see <a href="https://github.com/kubernetes/kubernetes/issues/102106">CVE-2021-25737</a>
 * @see <a
 *     href="https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml">IANA's
 *     special-purpose addresses</a>
 */
public final class EndpointAddresses {

  private static final String LOOPBACK = "it is this machine";
  private static final String METADATA = "the metadata server of a cloud has it";
  private static final String LINK_LOCAL =
      "it belongs to a single link, where a cloud has its metadata server";

  /** The ranges in which no endpoint may be; the first that fits says why. */
  private static final List<Range> REFUSED =
      List.of(
          Range.of("127.0.0.0", 8, LOOPBACK),
          Range.of("::1", 128, LOOPBACK),
          Range.of("0.0.0.0", 8, "it stands for no address, and reaches this machine"),
          Range.of("::", 128, "it stands for no address, and reaches this machine"),
          Range.of("169.254.0.0", 16, LINK_LOCAL),
          Range.of("fe80::", 10, LINK_LOCAL),
          Range.of("100.100.100.200", 32, METADATA),
          Range.of("168.63.129.16", 32, METADATA),
          Range.of("192.0.0.192", 32, METADATA),
          Range.of("fd00:ec2::", 32, METADATA),
          Range.of("fd20:ce::254", 128, METADATA),
          Range.of("fd00:42::42", 128, METADATA),
          Range.of("224.0.0.0", 4, "it is a multicast address"),
          Range.of("ff00::", 8, "it is a multicast address"),
          Range.of("255.255.255.255", 32, "it is the broadcast address"),
          Range.of("64:ff9b:1::", 48, "it stands for an IPv4 address by a local rule"),
          Range.of("2001::", 32, "it is a tunnel's address (Teredo)"),
          Range.of("2002::", 16, "it is a tunnel's address (6to4)"));

  /** Addresses that say an IPv4 address in their last four bytes, which is then what counts. */
  private static final List<Range> WITH_IPV4 =
      List.of(
          Range.of("::", 96, ""),
          Range.of("::ffff:0:0:0", 96, ""),
          Range.of("64:ff9b::", 96, ""));

  private EndpointAddresses() {}

  /** Whether a text is an IPv4 or IPv6 address in its usual form, without a zone. */
  public static boolean isAddress(String text) {
    return bytes(text) != null;
  }

  /**
   * Why no endpoint may have an address; null when it may.
   *
   * @param text for which {@link #isAddress} holds
   * @param allowLoopback whether this machine itself is allowed
   */
  public static @Nullable String objection(String text, boolean allowLoopback) {
    byte[] address = bytes(text);
    if (address == null) {
      throw new IllegalArgumentException("not an address: " + text);
    }
    return objection(address, allowLoopback);
  }

  /** The same of an address that a name was resolved to. */
  public static @Nullable String objection(InetAddress address, boolean allowLoopback) {
    return objection(address.getAddress(), allowLoopback);
  }

  private static @Nullable String objection(byte[] address, boolean allowLoopback) {
    String objection = objection(address);
    return allowLoopback && LOOPBACK.equals(objection) ? null : objection;
  }

  private static @Nullable String objection(byte[] address) {
    for (Range range : REFUSED) {
      if (range.contains(address)) {
        return range.why;
      }
    }
    for (Range range : WITH_IPV4) {
      if (range.contains(address)) {
        return objection(Arrays.copyOfRange(address, 12, 16));
      }
    }
    return null;
  }

  /** In network order, four for an IPv4 address, also where it is written as ::ffff:a.b.c.d. */
  private static byte @Nullable [] bytes(String text) {
    InetAddress address = IpAddress.parse(text);
    return address == null ? null : address.getAddress();
  }

  /** The addresses that agree in their first bits. */
  private static final class Range {
    private final byte[] first;
    private final int bits;
    private final String why;

    private Range(byte[] first, int bits, String why) {
      this.first = first;
      this.bits = bits;
      this.why = why;
    }

    static Range of(String first, int bits, String why) {
      return new Range(InetAddress.ofLiteral(first).getAddress(), bits, why);
    }

    boolean contains(byte[] address) {
      if (address.length != first.length) {
        return false;
      }
      int whole = bits / 8;
      int mask = 0xff00 >> bits % 8 & 0xff;
      return Arrays.equals(address, 0, whole, first, 0, whole)
          && (mask == 0 || (address[whole] & mask) == (first[whole] & mask));
    }
  }
}
