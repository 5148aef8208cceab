package io.isoline.controlplane.envoy;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.isoline.controlplane.envoy.Response.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's HTTP/2 connection with one stream, whose header fields and frames can be read one by
 * one as they come.
 */
final class Http2Stream implements AutoCloseable {

  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int ENABLE_CONNECT_PROTOCOL = 0x8;

  private final Connection connection;
  private final Http2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private boolean offersConnect;

  /** Takes over a connection on which nothing was sent, and begins HTTP/2 on it. */
  Http2Stream(Connection connection) throws IOException {
    this.connection = connection;
    connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Whether the server has offered the extended CONNECT of RFC 8441 so far. */
  boolean offersConnect() {
    return offersConnect;
  }

  /**
   * Sends the header fields of a request.
   *
   * @param fields names and values by turns; each shorter than 127 characters
   */
  void send(boolean end, String... fields) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      if (i % 2 == 0) {
        // A literal field that is not indexed, RFC 7541, section 6.2.2.
        block.write(0);
      }
      block.write(fields[i].length());
      block.writeBytes(fields[i].getBytes(StandardCharsets.ISO_8859_1));
    }
    frame(HEADERS, end ? 0x5 : 0x4, 1, block.toByteArray());
  }

  void sendData(String text) throws IOException {
    frame(DATA, 0, 1, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Ends the request. */
  void end() throws IOException {
    frame(DATA, 0x1, 1, new byte[0]);
  }

  /** Reads the next header fields of the stream; the status is 0 in trailers. */
  Response receiveHead() throws IOException {
    Http2Headers fields = Wire.fields(decoder, 1, next(HEADERS));
    List<Header> headers = new ArrayList<>();
    fields.forEach(
        field -> headers.add(new Header(field.getKey().toString(), field.getValue().toString())));
    CharSequence status = fields.status();
    return new Response(
        status == null ? 0 : Integer.parseInt(status.toString()), headers, "");
  }

  /** Reads data of the stream until there are as many bytes. */
  String receiveData(int length) throws IOException {
    StringBuilder data = new StringBuilder();
    while (data.length() < length) {
      data.append(new String(next(DATA), StandardCharsets.ISO_8859_1));
    }
    return data.toString();
  }

  /** Passes over what is not of this type. */
  private byte[] next(int wanted) throws IOException {
    while (true) {
      ByteBuffer head = ByteBuffer.wrap(bytes(9));
      byte[] payload = bytes(head.getInt() >>> 8);
      int type = head.get(3);
      if (type == SETTINGS) {
        for (int at = 0; at < payload.length; at += 6) {
          ByteBuffer setting = ByteBuffer.wrap(payload, at, 6);
          offersConnect |= setting.getShort() == ENABLE_CONNECT_PROTOCOL && setting.getInt() == 1;
        }
      }
      if (type == RST_STREAM) {
        throw new IOException("the stream was reset: " + ByteBuffer.wrap(payload).getInt());
      }
      if (type == wanted && payload.length > 0) {
        return payload;
      }
    }
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = connection.read(count).getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < count) {
      throw new IOException("the connection has ended");
    }
    return bytes;
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    byte[] frame =
        ByteBuffer.allocate(9 + payload.length)
            .putInt(payload.length << 8 | type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload)
            .array();
    connection.send(new String(frame, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
