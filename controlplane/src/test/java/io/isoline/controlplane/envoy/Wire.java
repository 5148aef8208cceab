package io.isoline.controlplane.envoy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads HTTP/1.1 off a stream, for clients and backends of tests. */
final class Wire {

  private Wire() {}

  /** The lines up to the empty one; empty at the end of the stream. */
  static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      String line = line(in);
      if (line == null || line.isEmpty()) {
        return text.toString();
      }
      text.append(line).append('\n');
    }
  }

  private static @org.jspecify.annotations.Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = in.read();
    while (octet >= 0 && octet != '\n') {
      if (octet != '\r') {
        line.write(octet);
      }
      octet = in.read();
    }
    return octet < 0 && line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * The body that these headers announce.
   *
   * @param toTheEnd whether one that is not announced goes to the end of the stream
   */
  static byte[] body(InputStream in, List<Response.Header> headers, boolean toTheEnd)
      throws IOException {
    for (Response.Header header : headers) {
      if (header.name().equalsIgnoreCase("content-length")) {
        int length = Integer.parseInt(header.value());
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
          throw new EOFException("the body ends early");
        }
        return body;
      }
      if (header.name().equalsIgnoreCase("transfer-encoding")) {
        return chunks(in);
      }
    }
    return toTheEnd ? in.readAllBytes() : new byte[0];
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line(in);
      if (line == null) {
        throw new EOFException("the body ends early");
      }
      int length = Integer.parseInt(line, 16);
      byte[] chunk = in.readNBytes(length);
      body.writeBytes(chunk);
      String end = line(in);
      if (end == null) {
        throw new EOFException("the body ends early");
      }
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }
}
