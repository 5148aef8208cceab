package io.isoline.controlplane.credentials;

import io.isoline.translator.credentials.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.apache.commons.codec.digest.UnixCrypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Compares a password with a hash, in a time that does not tell where they differ. */
final class HashComparison {

  private static final int SHA1_BYTES = 20;

  private HashComparison() {}

  /**
   * Whether this is the password. Takes what its scheme takes, up to some seconds.
   *
   * @param password as the client sent it; not changed
   */
  static boolean matches(PasswordHash hash, byte[] password) {
    String text = hash.text();
    // Some functions overwrite what they are given.
    byte[] copy = password.clone();
    return switch (hash.scheme()) {
      case BCRYPT -> OpenBSDBCrypt.checkPassword(text, copy);
      case APR1 -> equal(text, Md5Crypt.apr1Crypt(copy, text));
      case MD5 -> equal(text, Md5Crypt.md5Crypt(copy, text));
      case SHA256 -> equal(text, Sha2Crypt.sha256Crypt(copy, text));
      case SHA512 -> equal(text, Sha2Crypt.sha512Crypt(copy, text));
      case DES -> equal(text, UnixCrypt.crypt(copy, text.substring(0, 2)));
      case SHA1 -> MessageDigest.isEqual(decode(hash), sha1(copy, new byte[0]));
      case SALTED_SHA1 -> {
        byte[] known = decode(hash);
        byte[] salt = Arrays.copyOfRange(known, SHA1_BYTES, known.length);
        yield MessageDigest.isEqual(Arrays.copyOf(known, SHA1_BYTES), sha1(copy, salt));
      }
      case PLAIN ->
          MessageDigest.isEqual(hash.value().getBytes(StandardCharsets.UTF_8), copy);
    };
  }

  private static boolean equal(String known, String computed) {
    return MessageDigest.isEqual(
        known.getBytes(StandardCharsets.US_ASCII), computed.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] decode(PasswordHash hash) {
    return Base64.getDecoder().decode(hash.value());
  }

  private static byte[] sha1(byte[] password, byte[] salt) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(password);
      return digest.digest(salt);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
