package io.isoline.controlplane.envoy;

import io.isoline.controlplane.envoy.Response.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A client's HTTP/2 connection, on which header fields go out as the test writes them, whatever
 * RFC 9113 says of them.
 */
final class Http2Connection implements AutoCloseable {

  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int CONTINUATION = 0x9;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int FRAME = 16_000;

  private final Connection connection;

  /** Takes over a connection on which nothing was sent, and begins HTTP/2 on it. */
  Http2Connection(Connection connection) throws IOException {
    this.connection = connection;
    connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** The fields of a GET. */
  static List<Header> get(String authority, String path, Header... more) {
    Header[] pseudo = {
      new Header(":method", "GET"),
      new Header(":scheme", "http"),
      new Header(":authority", authority),
      new Header(":path", path)
    };
    Header[] all = Arrays.copyOf(pseudo, pseudo.length + more.length);
    System.arraycopy(more, 0, all, pseudo.length, more.length);
    return List.of(all);
  }

  /** Sends a request without a body. */
  void send(int stream, List<Header> fields) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Header field : fields) {
      // A literal field that is not indexed, RFC 7541 6.2.2.
      block.write(0);
      string(block, field.name());
      string(block, field.value());
    }
    byte[] bytes = block.toByteArray();
    for (int from = 0; from < bytes.length; from += FRAME) {
      boolean last = from + FRAME >= bytes.length;
      frame(
          from == 0 ? HEADERS : CONTINUATION,
          (from == 0 ? END_STREAM : 0) | (last ? END_HEADERS : 0),
          stream,
          Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + FRAME)));
    }
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int rest = bytes.length - 127;
    out.write(Math.min(bytes.length, 127));
    while (rest >= 0) {
      out.write(rest >= 128 ? rest % 128 + 128 : rest);
      rest = rest >= 128 ? rest / 128 : -1;
    }
    out.writeBytes(bytes);
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

  /**
   * Reads until a stream ends: {@code 200} with the body, or {@code RST 1} with the code of RFC
   * 9113 7. Frames of other streams are passed over.
   *
   * @throws IOException when the connection ends before
   */
  String outcome(int stream) throws IOException {
    StringBuilder outcome = new StringBuilder();
    while (true) {
      byte[] head = bytes(9);
      int length = ByteBuffer.wrap(head).getInt() >>> 8;
      int type = head[3];
      int flags = head[4];
      byte[] payload = bytes(length);
      if (ByteBuffer.wrap(head).getInt(5) != stream) {
        continue;
      }
      switch (type) {
        case RST_STREAM -> {
          return "RST " + ByteBuffer.wrap(payload).getInt();
        }
        case HEADERS -> outcome.append(outcome.isEmpty() ? status(payload) : "");
        case DATA -> outcome.append(' ').append(new String(payload, StandardCharsets.ISO_8859_1));
        default -> {}
      }
      if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
        return outcome.toString().strip();
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

  /** The status is the first field; some have a place in the static table of RFC 7541. */
  private static String status(byte[] block) {
    return switch (block[0] & 0xff) {
      case 0x88 -> "200";
      case 0x8c -> "400";
      case 0x8d -> "404";
      case 0x8e -> "500";
      default -> "another status";
    };
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
