package io.isoline.controlplane.credentials;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself in {@code Authorization: Basic}.
 *
 * @param user the bytes of the user, each as the character of its code; not empty
 * @param password the bytes of the password, at most {@value #MAX_PASSWORD}, none of them 0
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7617">RFC 7617</a>
 */
record BasicCredentials(String user, ByteString password) {

  /** The longest password in bytes: some schemes take a time that grows with the square of it. */
  static final int MAX_PASSWORD = 1_024;

  private static final String SCHEME = "Basic ";
  private static final int MAX_HEADER = 4_096;

  /**
   * Reads the header; null when there is none, or nothing that could be right.
   *
   * @param header its value; several lines of it come as one, with commas, which are not Base64
   */
  static @Nullable BasicCredentials parse(@Nullable String header) {
    if (header == null
        || header.length() > MAX_HEADER
        || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = 0;
    while (colon < bytes.length && bytes[colon] != ':') {
      colon++;
    }
    if (colon == 0 || colon == bytes.length || bytes.length - colon - 1 > MAX_PASSWORD) {
      return null;
    }
    for (byte octet : bytes) {
      // crypt(3) takes it for the end of the password, and bcrypt for its beginning again.
      if (octet == 0) {
        return null;
      }
    }
    return new BasicCredentials(
        new String(bytes, 0, colon, StandardCharsets.ISO_8859_1),
        ByteString.copyFrom(bytes, colon + 1, bytes.length - colon - 1));
  }

  /** Leaves both out, so that no log shows them. */
  @Override
  public String toString() {
    return "credentials";
  }
}
