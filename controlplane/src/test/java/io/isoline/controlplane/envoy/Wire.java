package io.isoline.controlplane.envoy;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
    return body(in, headers, toTheEnd, new StringBuilder());
  }

  /**
   * The same.
   *
   * @param trailers gets the lines after the last chunk
   */
  static byte[] body(
      InputStream in, List<Response.Header> headers, boolean toTheEnd, StringBuilder trailers)
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
        return chunks(in, trailers);
      }
    }
    return toTheEnd ? in.readAllBytes() : new byte[0];
  }

  private static byte[] chunks(InputStream in, StringBuilder trailers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line(in);
      if (line == null) {
        throw new EOFException("the body ends early");
      }
      int length = Integer.parseInt(line, 16);
      if (length == 0) {
        trailers.append(head(in));
        return body.toByteArray();
      }
      byte[] chunk = in.readNBytes(length);
      body.writeBytes(chunk);
      String end = line(in);
      if (end == null) {
        throw new EOFException("the body ends early");
      }
    }
  }

  /** The header fields of an HTTP/2 frame that has all of them. */
  static Http2Headers fields(Http2HeadersDecoder decoder, int stream, byte[] payload)
      throws IOException {
    try {
      return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload));
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /** What RFC 6455, section 4.2.2, wants as the answer to a key. */
  static String webSocketAccept(String key) {
    try {
      byte[] text =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
