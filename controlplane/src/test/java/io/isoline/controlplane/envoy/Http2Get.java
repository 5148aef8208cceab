package io.isoline.controlplane.envoy;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.isoline.controlplane.envoy.Response.Header;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One GET over HTTP/2, on a connection of its own, with an authority that no library would send. */
final class Http2Get {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int LONGEST_FRAME = 16_384;

  private Http2Get() {}

  /**
   * Sends it and reads the answer.
   *
   * @param headers names and values in turn, besides the pseudo-headers
   * @throws EOFException when Envoy resets the stream, or closes the connection
   */
  static Response exchange(Connection connection, String authority, String path, String... headers)
      throws IOException {
    Http2Headers request =
        new DefaultHttp2Headers(false)
            .method("GET")
            .scheme("http")
            .authority(authority)
            .path(path);
    for (int i = 0; i < headers.length; i += 2) {
      request.add(headers[i], headers[i + 1]);
    }
    try {
      ByteBuf block = Unpooled.buffer();
      new DefaultHttp2HeadersEncoder().encodeHeaders(1, request, block);
      connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, ""));
      String rest = latin1(block);
      int type = HEADERS;
      int end = END_STREAM;
      while (rest.length() > LONGEST_FRAME) {
        connection.send(frame(type, end, 1, rest.substring(0, LONGEST_FRAME)));
        rest = rest.substring(LONGEST_FRAME);
        type = CONTINUATION;
        end = 0;
      }
      connection.send(frame(type, END_HEADERS | end, 1, rest));
      return answer(connection);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  private static Response answer(Connection connection) throws IOException, Http2Exception {
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    int status = 0;
    List<Header> headers = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    while (true) {
      String head = connection.read(9);
      if (head.length() < 9) {
        throw new EOFException("the connection was closed without an answer");
      }
      int length = head.charAt(0) << 16 | head.charAt(1) << 8 | head.charAt(2);
      String payload = connection.read(length);
      int type = head.charAt(3);
      int flags = head.charAt(4);
      if (type == RST_STREAM) {
        throw new EOFException("the stream was reset");
      }
      if (type == HEADERS) {
        Http2Headers decoded =
            decoder.decodeHeaders(
                1, Unpooled.wrappedBuffer(payload.getBytes(StandardCharsets.ISO_8859_1)));
        status = Integer.parseInt(decoded.status().toString());
        decoded.forEach(
            e -> headers.add(new Header(e.getKey().toString(), e.getValue().toString())));
      } else if (type == DATA) {
        body.append(payload);
      }
      if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
        return new Response(status, headers, body.toString());
      }
    }
  }

  private static String frame(int type, int flags, int stream, String payload) {
    int length = payload.length();
    return new String(
            new char[] {
              (char) (length >> 16), (char) (length >> 8 & 0xff), (char) (length & 0xff),
              (char) type, (char) flags, 0, 0, 0, (char) stream
            })
        + payload;
  }

  private static String latin1(ByteBuf bytes) {
    return new String(ByteBufUtil.getBytes(bytes), StandardCharsets.ISO_8859_1);
  }
}
