package io.isoline.envoy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * Asks the administration interface of an Envoy, over TCP or a Unix socket.
 *
 * <p>The HTTP client of the JDK has no Unix sockets. The exchange needed here is the smallest there
 * is: one request on one connection that the server closes. So it is written out, the same for both
 * kinds of address. Safe for use by several threads.
 */
public final class EnvoyAdmin {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int BUFFER_BYTES = 64 << 10;

  private final Address address;

  public EnvoyAdmin(Address address) {
    this.address = address;
  }

  /** What the interface answered. */
  public record Response(int status, String body) {}

  public Address address() {
    return address;
  }

  /**
   * Sends a GET, for the pages that only show something.
   *
   * @param path begins with a slash, may have a query
   * @throws IOException if there is no whole answer within ten seconds
   */
  public Response get(String path) throws IOException {
    return exchange("GET", path);
  }

  /**
   * Sends a POST, for the pages that change something.
   *
   * @param path begins with a slash, may have a query
   * @throws IOException if there is no whole answer within ten seconds
   */
  public Response post(String path) throws IOException {
    return exchange("POST", path);
  }

  private Response exchange(String method, String path) throws IOException {
    if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("not a path of the admin interface: \"" + path + "\"");
    }
    String request =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    byte[] answer = send(request.getBytes(StandardCharsets.US_ASCII));
    return parse(answer);
  }

  private SocketAddress socketAddress() {
    return switch (address) {
      case Address.Socket(String host, int port) -> new InetSocketAddress(host, port);
      case Address.Pipe(var path) -> UnixDomainSocketAddress.of(path);
    };
  }

  private byte[] send(byte[] request) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    SocketAddress target = socketAddress();
    try (SocketChannel channel =
            target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      if (!channel.connect(target)) {
        do {
          await(selector, end);
        } while (!channel.finishConnect());
      }
      ByteBuffer out = ByteBuffer.wrap(request);
      key.interestOps(SelectionKey.OP_WRITE);
      while (out.hasRemaining()) {
        await(selector, end);
        channel.write(out);
      }
      key.interestOps(SelectionKey.OP_READ);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
      while (true) {
        await(selector, end);
        int count = channel.read(in.clear());
        if (count < 0) {
          return answer.toByteArray();
        }
        answer.write(in.array(), 0, count);
      }
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void await(Selector selector, long end) throws IOException {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new IOException(
          "no answer of the admin interface %s within %d s".formatted(address, LIMIT.toSeconds()));
    }
    selector.select(Math.max(1, left / 1_000_000));
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Reads a whole answer: status line, headers, and a body that is chunked or goes to the end. */
  static Response parse(byte[] answer) throws IOException {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) {
      throw new IOException("the admin interface closed the connection without an answer");
    }
    String[] head = text.substring(0, headEnd).split("\r\n", -1);
    String[] status = head[0].split(" ", 3);
    if (!status[0].startsWith("HTTP/1.") || status.length < 2 || !status[1].matches("[0-9]{3}")) {
      throw new IOException("the admin interface does not speak HTTP/1.1: " + head[0]);
    }
    String body = text.substring(headEnd + 4);
    for (String line : head) {
      String header = line.toLowerCase(Locale.ROOT).replace(" ", "");
      if (header.equals("transfer-encoding:chunked")) {
        body = dechunk(body);
      } else if (header.startsWith("content-length:")
          && !header.equals("content-length:" + body.length())) {
        throw new IOException("the answer of the admin interface is cut off");
      }
    }
    return new Response(
        Integer.parseInt(status[1]),
        new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }

  private static String dechunk(String body) throws IOException {
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (true) {
      int lineEnd = body.indexOf("\r\n", at);
      if (lineEnd < 0) {
        throw new IOException("the answer of the admin interface is cut off");
      }
      int size;
      try {
        size = Integer.parseInt(body.substring(at, lineEnd), 16);
      } catch (NumberFormatException e) {
        throw new IOException("the answer of the admin interface has a bad chunk", e);
      }
      if (size == 0) {
        return result.toString();
      }
      int start = lineEnd + 2;
      if (size < 0 || size > body.length() - start - 2) {
        throw new IOException("the answer of the admin interface is cut off");
      }
      result.append(body, start, start + size);
      at = start + size + 2;
    }
  }
}
