package io.isoline.translator.expression;

import io.isoline.tries.Draw;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Paths as Envoy sees them after normalisation, in any of the spellings that it leaves. */
final class EncodedPath {

  private static final String UNRESERVED = "-._~";
  private static final String RESERVED = "!$&'()*+,;=:@[]";

  private EncodedPath() {}

  /** One spelling of a path of bytes. */
  static String of(String latin1, Draw draw) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : latin1.getBytes(StandardCharsets.ISO_8859_1)) {
      char c = (char) (each & 0xff);
      boolean plain = c < 128 && Character.isLetterOrDigit(c);
      if (plain || c == '/' || UNRESERVED.indexOf(c) >= 0) {
        encoded.append(c);
      } else if (RESERVED.indexOf(c) >= 0 && draw.flag()) {
        encoded.append(c);
      } else {
        String digits = "%02X".formatted((int) c);
        encoded.append('%').append(draw.flag() ? digits : digits.toLowerCase(Locale.ROOT));
      }
    }
    return encoded.toString();
  }

  /** The bytes of a path, a character each. */
  static String decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        bytes.write(Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(path.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
