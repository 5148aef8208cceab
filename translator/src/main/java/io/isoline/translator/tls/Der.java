package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of DER (ITU-T X.690), as much of it as the wrappings of keys and certificates need.
 * The JDK reads PKCS#8 only, so the older forms of private keys are put into it by hand.
 *
 * <p>The reader of BouncyCastle is no substitute: it reads BER, so it takes lengths that are not the
 * shortest, or not given at all, which Envoy refuses; and it refuses content of strings that Envoy
 * does not look at.
 *
 * @param encoded the whole element: tag, length and content
 * @param value its content
 */
record Der(ByteString encoded, ByteString value) {

  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;

  /** The element that the bytes begin with, or null when they do not begin with a whole one. */
  static @Nullable Der first(ByteString bytes) {
    if (bytes.size() < 2 || (bytes.byteAt(0) & 0x1f) == 0x1f) {
      return null;
    }
    int start = 2;
    long length = bytes.byteAt(1) & 0xff;
    if (length >= 0x80) {
      int digits = (int) length - 0x80;
      if (digits < 1 || digits > 4 || bytes.size() - start < digits) {
        return null;
      }
      length = 0;
      for (int i = 0; i < digits; i++) {
        length = (length << 8) | (bytes.byteAt(start++) & 0xff);
      }
      // DER has one way to write a length: the shortest.
      if (length < 0x80 || length < 1L << (8 * (digits - 1))) {
        return null;
      }
    }
    if (length > bytes.size() - start) {
      return null;
    }
    int end = start + (int) length;
    return new Der(bytes.substring(0, end), bytes.substring(start, end));
  }

  /** The one element that the bytes are, or null. */
  static @Nullable Der whole(ByteString bytes) {
    Der first = first(bytes);
    return first == null || first.encoded.size() != bytes.size() ? null : first;
  }

  boolean is(int tag) {
    return (encoded.byteAt(0) & 0xff) == tag;
  }

  /** The elements inside, up to the first that is broken. */
  List<Der> children() {
    List<Der> children = new ArrayList<>();
    ByteString rest = value;
    Der child = first(rest);
    while (child != null) {
      children.add(child);
      rest = rest.substring(child.encoded.size());
      child = first(rest);
    }
    return children;
  }

  /** The content in hex, to compare object identifiers by. */
  String hex() {
    return HexFormat.of().formatHex(value.toByteArray());
  }

  /** An element of the given parts; shorter than 16 MiB. */
  static ByteString encode(int tag, ByteString... parts) {
    ByteString content = ByteString.copyFrom(List.of(parts));
    int length = content.size();
    int digits = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
    byte[] header = new byte[2 + digits];
    header[0] = (byte) tag;
    header[1] = (byte) (digits == 0 ? length : 0x80 | digits);
    for (int i = 0; i < digits; i++) {
      header[2 + i] = (byte) (length >> (8 * (digits - 1 - i)));
    }
    return ByteString.copyFrom(header).concat(content);
  }
}
