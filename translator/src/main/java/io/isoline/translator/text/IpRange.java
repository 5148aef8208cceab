package io.isoline.translator.text;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that begin with the same bits, in CIDR notation or as a single address. Bits behind
 * the prefix are not looked at.
 *
 * @param address as Envoy reads it, IPv6 without brackets
 * @param bits how many bits of it count, 0 to 32 for IPv4 and 0 to 128 for IPv6
 */
public record IpRange(String address, int bits) {

  private static final Pattern RANGE = Pattern.compile("([0-9a-fA-F:.]{2,45})(/([0-9]{1,3}))?");

  /** The bits before an IPv4 address in IPv6, {@code ::ffff:0:0/96}. */
  private static final int MAPPED_BITS = 96;

  /** The range of a text; null for any other text. */
  public static @Nullable IpRange parse(String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    InetAddress address = IpAddress.parse(matcher.group(1));
    if (address == null) {
      return null;
    }
    String prefix = matcher.group(3);
    int most = address instanceof Inet4Address ? Integer.SIZE : 4 * Integer.SIZE;
    int bits = prefix == null ? most : Integer.parseInt(prefix);
    if (matcher.group(1).indexOf(':') >= 0 && address instanceof Inet4Address) {
      // ::ffff:a.b.c.d is IPv4, and its prefix counts from the beginning of IPv6.
      bits = prefix == null ? most : bits - MAPPED_BITS;
    }
    return bits < 0 || bits > most ? null : new IpRange(address.getHostAddress(), bits);
  }

  /** Whether an address is one of them; one of IPv4 is none of a range of IPv6, nor the other way. */
  public boolean contains(InetAddress other) {
    byte[] own = Objects.requireNonNull(IpAddress.parse(address)).getAddress();
    byte[] theirs = other.getAddress();
    if (own.length != theirs.length) {
      return false;
    }
    for (int i = 0; i < own.length && bits > i * Byte.SIZE; i++) {
      int rest = bits - i * Byte.SIZE;
      int mask = rest >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - rest) & 0xff;
      if (((own[i] ^ theirs[i]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  public boolean isIpv4() {
    return address.indexOf(':') < 0;
  }

  /** An IPv4 range as sockets for IPv6 show it; itself for one of IPv6. */
  public IpRange mapped() {
    return isIpv4() ? new IpRange("::ffff:" + address, MAPPED_BITS + bits) : this;
  }

  @Override
  public String toString() {
    return address + "/" + bits;
  }
}
