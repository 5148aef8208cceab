package io.isoline.controlplane.stream;

import io.isoline.translator.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The version of a set of resources: a hash over their names and versions that does not depend on
 * their order and that follows a change of one of them without a look at the others.
 *
 * <p>It is the sum of 128 bits of the SHA-256 of each element. Equal sets have equal hashes in
 * every process, which lets a client that comes back say what it holds.
 */
final class SetHash {
  private long high;
  private long low;

  void add(String name, String version) {
    ByteBuffer digest = digest(name, version);
    plus(digest.getLong(), digest.getLong());
  }

  /** Takes an element out that was put in before. */
  void remove(String name, String version) {
    ByteBuffer digest = digest(name, version);
    long elementHigh = digest.getLong();
    long elementLow = digest.getLong();
    // Two's complement of 128 bits: adding it subtracts the element.
    plus(~elementHigh + (elementLow == 0 ? 1 : 0), -elementLow);
  }

  private void plus(long otherHigh, long otherLow) {
    low += otherLow;
    high += otherHigh + (Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0);
  }

  private static ByteBuffer digest(String name, String version) {
    MessageDigest sha = Sha256.digest();
    sha.update(name.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) 0);
    sha.update(version.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(sha.digest());
  }

  /** 32 hex digits, never empty. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
