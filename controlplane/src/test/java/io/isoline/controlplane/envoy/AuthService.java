package io.isoline.controlplane.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An authentication service that answers as the path of the question says: {@code /auth/STATUS}, and
 * behind that any of
 *
 * <ul>
 *   <li>{@code user} for {@code X-Auth-User} and {@code X-Auth-Groups}
 *   <li>{@code cookie}, {@code cookies} for one or two
 *   <li>{@code challenge} for {@code WWW-Authenticate}
 *   <li>{@code location} for {@code Location}
 *   <li>{@code nostore} for {@code Cache-Control: no-store}
 *   <li>{@code body} for a body in chunks
 *   <li>{@code once} for the end of the connection after the answer
 *   <li>{@code silent} for no answer
 *   <li>{@code gone} for the end of the connection without an answer
 * </ul>
 */
final class AuthService implements AutoCloseable {

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private AuthService(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  static AuthService start() throws IOException {
    return new AuthService(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()));
  }

  static AuthService startTls(TestCertificate certificate) throws IOException {
    return new AuthService(
        certificate
            .serverContext()
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + path;
  }

  int port() {
    return server.getLocalPort();
  }

  /** The heads of all questions, as they came. */
  List<String> seen() {
    return seen;
  }

  /** The lines of the last question. */
  List<String> last() {
    return List.of(seen.getLast().split("\r\n"));
  }

  /** How many connections were made. */
  int connections() {
    return connections.get();
  }

  /** How many connections are there now. */
  int open() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      while (answer(in, socket.getOutputStream())) {
        // The next question.
      }
      if (seen.getLast().contains("/silent")) {
        in.read();
      }
    } catch (IOException e) {
      // The other side has gone.
    } finally {
      open.remove(socket);
    }
  }

  private boolean answer(BufferedReader in, OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append("\r\n");
    }
    if (head.isEmpty()) {
      return false;
    }
    seen.add(head.toString());
    String path = head.toString().split(" ", 3)[1];
    List<String> flags = new ArrayList<>(List.of(path.replaceFirst("\\?.*", "").split("/", -1)));
    if (flags.contains("silent") || flags.contains("gone")) {
      return false;
    }
    StringBuilder answer = new StringBuilder("HTTP/1.1 " + flags.get(2) + " Said\r\n");
    for (String flag : flags) {
      answer.append(
          switch (flag) {
            case "user" -> "X-Auth-User: ada\r\nX-Auth-Groups: g1,g2\r\n";
            case "cookie" -> "Set-Cookie: session=1; Path=/\r\n";
            case "cookies" -> "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/\r\n";
            case "challenge" -> "WWW-Authenticate: Bearer realm=\"z\"\r\n";
            case "location" -> "Location: https://elsewhere.example/\r\n";
            case "nostore" -> "Cache-Control: no-store\r\n";
            default -> "";
          });
    }
    answer.append(
        flags.contains("body")
            ? "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            : flags.get(2).equals("204") ? "\r\n" : "Content-Length: 2\r\n\r\nok");
    out.write(answer.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return !flags.contains("once");
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
