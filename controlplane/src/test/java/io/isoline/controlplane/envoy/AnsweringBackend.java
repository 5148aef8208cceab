package io.isoline.controlplane.envoy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A server behind Envoy that speaks HTTP/1.1 and gives the answers that a test says, as they are on
 * the wire.
 */
final class AnsweringBackend implements AutoCloseable {

  /** Has the backend close the connection instead of an answer. */
  static final String LEAVE = "";

  private final ServerSocket server;
  private final Function<Received, String> answers;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  /** A request with its body. */
  record Received(Request request, String body) {

    String target() {
      return request.target();
    }

    String header(String name) {
      return request.header(name);
    }
  }

  private AnsweringBackend(ServerSocket server, Function<Received, String> answers) {
    this.server = server;
    this.answers = answers;
    Thread.ofVirtual().start(this::accept);
  }

  static AnsweringBackend start(Function<Received, String> answers) throws IOException {
    return new AnsweringBackend(
        new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), answers);
  }

  /**
   * An answer.
   *
   * @param headers lines without their ends
   */
  static String answer(int status, String body, String... headers) {
    StringBuilder answer = new StringBuilder("HTTP/1.1 " + status + " Any\r\n");
    for (String header : headers) {
      answer.append(header).append("\r\n");
    }
    return answer
        .append("Content-Length: ")
        .append(body.length())
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }

  int port() {
    return server.getLocalPort();
  }

  /** As a Service with one endpoint. */
  String service(String name) {
    return Yaml.service(name, "http", List.of(port()));
  }

  /** The requests so far. */
  List<Received> received() {
    return received;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String head = Wire.head(in); !head.isEmpty(); head = Wire.head(in)) {
        Request request = Request.parse(head);
        byte[] body = Wire.body(in, request.headers(), false);
        Received one =
            new Received(request, new String(body, StandardCharsets.ISO_8859_1));
        received.add(one);
        String answer = answers.apply(one);
        if (answer.equals(LEAVE)) {
          return;
        }
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
    } catch (IOException e) {
      // The client went away.
    } finally {
      connections.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
