package io.isoline.controlplane.access;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A keyed hash, under which something secret is remembered without being kept: HMAC-SHA-256. */
public record Fingerprint(long first, long second, long third, long fourth) {

  private static final String ALGORITHM = "HmacSHA256";

  /** Makes fingerprints with a key of this process. For any thread. */
  public static final class Maker {
    private final SecretKeySpec key;

    public Maker() {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      key = new SecretKeySpec(random, ALGORITHM);
    }

    /** The fingerprint of these parts; their lengths count, too. */
    public Fingerprint of(List<byte[]> parts) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        for (byte[] part : parts) {
          mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
          mac.update(part);
        }
        ByteBuffer hash = ByteBuffer.wrap(mac.doFinal());
        return new Fingerprint(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException | InvalidKeyException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(4 * Long.BYTES)
        .putLong(first)
        .putLong(second)
        .putLong(third)
        .putLong(fourth)
        .array();
  }
}
