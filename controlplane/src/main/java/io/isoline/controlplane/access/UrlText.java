package io.isoline.controlplane.access;

import java.util.HexFormat;

/** Text of requests in URLs. Each byte of it is the character of its code. */
final class UrlText {

  private static final String UNRESERVED = "-._~";
  private static final String RESERVED = "!$&'()*+,/:;=?@[]";

  private UrlText() {}

  /** Has only letters, digits and {@code - . _ ~} stay as they are. */
  static String component(String text) {
    return encoded(text, UNRESERVED, false);
  }

  /** Has all stay as it is that may be in the path or query of a URL. */
  static String lenient(String text) {
    return encoded(text, UNRESERVED + RESERVED, true);
  }

  private static String encoded(String text, String plain, boolean keepsEscapes) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isAlphanumeric(c)
          || plain.indexOf(c) >= 0
          || (keepsEscapes && c == '%' && isHex(text, i + 1) && isHex(text, i + 2))) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
      }
    }
    return encoded.toString();
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isHex(String text, int index) {
    return index < text.length() && HexFormat.isHexDigit(text.charAt(index));
  }
}
