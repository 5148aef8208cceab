package io.isoline.controlplane.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthClientTest {

  /** A server that sends the same to each who asks, and keeps the connection. */
  private static final class Fixed implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    Fixed(String answer) throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    socket.getInputStream().read();
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    if (!answer.isEmpty()) {
                      socket.shutdownOutput();
                    }
                  }
                } catch (IOException e) {
                  // The end of the test.
                }
              });
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static AuthAnswer ask(int port, boolean loopback) throws IOException {
    return ask("127.0.0.1", port, loopback);
  }

  private static AuthAnswer ask(String host, int port, boolean loopback) throws IOException {
    AtomicReference<AuthAnswer> answer = new AtomicReference<>();
    try (AuthClient client = new AuthClient(Duration.ofSeconds(5))) {
      client.ask(
          Question.of(
              Asked.check("http://" + host + ":" + port + "/"), loopback, Asked.request("/")),
          new Cancellation(),
          answer::set);
    }
    return Objects.requireNonNull(answer.get());
  }

  @Test
  void ask_interimAnswerAndStrangeLines_readsTheFinalOne() throws IOException {
    try (Fixed server =
        new Fixed(
            String.join(
                "\r\n",
                "HTTP/1.1 103 Early Hints",
                "Link: </a>",
                "",
                "HTTP/1.0 401 No",
                "X-User:  ada \t",
                "x-user:bob\nX-Bare: 1",
                "",
                "body"))) {
      AuthAnswer answer = ask(server.server.getLocalPort(), true);
      assertEquals(401, answer.status());
      assertEquals("ada, bob", answer.header("x-user"));
      assertEquals("1", answer.header("x-bare"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-x\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: 1\r\n",
        "HTTP/2 200\r\n\r\n",
      })
  void ask_whatIsNoAnswer_isRefused(String text) throws IOException {
    try (Fixed server = new Fixed(text)) {
      assertThrows(IOException.class, () -> ask(server.server.getLocalPort(), true));
    }
  }

  @Test
  void ask_headWithoutEnd_isRefused() throws IOException {
    try (Fixed server = new Fixed("HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000))) {
      IOException refusal =
          assertThrows(IOException.class, () -> ask(server.server.getLocalPort(), true));
      assertEquals("the head of the answer is longer than 64 KiB", refusal.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "127.8.8.8"})
  void ask_thisMachine_isNotDoneUnlessItMayBe(String host) throws IOException {
    try (Fixed server = new Fixed("HTTP/1.1 200 OK\r\n\r\n")) {
      IOException refusal =
          assertThrows(
              IOException.class, () -> ask(host, server.server.getLocalPort(), false));
      assertTrue(
          String.valueOf(refusal.getMessage()).contains("it is this machine"),
          refusal.getMessage());
      assertTrue(server.sockets.isEmpty());
    }
  }

  @Test
  void ask_metadataOfACloud_isNeverDone() {
    IOException refusal =
        assertThrows(IOException.class, () -> ask("169.254.169.254", 80, true));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("a single link"), refusal.getMessage());
  }

  @Test
  void cancel_whileItWaits_endsTheConnection() throws Exception {
    try (Fixed server = new Fixed("");
        AuthClient client = new AuthClient(Duration.ofMinutes(1))) {
      Cancellation cancellation = new Cancellation();
      CountDownLatch ended = new CountDownLatch(1);
      Question question =
          Question.of(
              Asked.check("http://127.0.0.1:" + server.server.getLocalPort() + "/"),
              true,
              Asked.request("/"));
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  client.ask(question, cancellation, answer -> {});
                } catch (IOException e) {
                  ended.countDown();
                }
              });
      cancellation.cancel();
      ended.await();
      assertThrows(
          IOException.class, () -> client.ask(question, cancellation, answer -> {}));
    }
  }
}
