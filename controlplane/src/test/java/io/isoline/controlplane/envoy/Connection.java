package io.isoline.controlplane.envoy;

import io.isoline.controlplane.envoy.Response.Header;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client's connection, on which requests go out byte for byte as the test writes them. */
public class Connection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Connection(Socket socket) throws IOException {
    socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
    socket.setTcpNoDelay(true);
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  static Connection open(int port) throws IOException {
    return new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Connects to a server that is not on the loopback address. */
  public static Connection open(InetSocketAddress server) throws IOException {
    return new Connection(new Socket(server.getAddress(), server.getPort()));
  }

  /** Sends characters as the bytes of their codes. */
  void send(String raw) throws IOException {
    out.write(raw.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Reads one answer. */
  Response receive() throws IOException {
    Response head = receiveHead();
    boolean empty = head.status() == 101 || head.status() == 204 || head.status() == 304;
    byte[] body = empty ? new byte[0] : Wire.body(in, head.headers(), true);
    return new Response(
        head.status(), head.headers(), new String(body, StandardCharsets.ISO_8859_1));
  }

  /** Reads status and headers only. */
  Response receiveHead() throws IOException {
    List<String> lines = Wire.head(in).lines().toList();
    if (lines.isEmpty()) {
      throw new EOFException("the connection was closed without an answer");
    }
    List<Header> headers = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new Response(Integer.parseInt(lines.getFirst().split(" ", 3)[1]), headers, "");
  }

  /** Reads as many bytes. */
  String read(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** Reads to the end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  public Response exchange(String raw) throws IOException {
    send(raw);
    return receive();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
