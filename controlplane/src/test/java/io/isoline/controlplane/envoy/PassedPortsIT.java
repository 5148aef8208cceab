package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.translator.Verdict;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ports for TCP and UDP that are passed on to Services. */
@WithEnvoy
class PassedPortsIT {

  @SuppressWarnings("NullAway") // set before all tests
  private static Echo a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Echo b;

  private final int port = Ports.free();

  @BeforeAll
  static void startBackends() throws IOException {
    a = Echo.start("A");
    b = Echo.start("B");
  }

  @AfterAll
  static void stopBackends() {
    a.close();
    b.close();
  }

  /** A Service with TCP and UDP on port 80, and an endpoint for each backend. */
  private static String echo(String name, Echo... backends) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: default}
            spec:
              ports:
              - {name: tcp, port: 80, protocol: TCP}
              - {name: udp, port: 80, protocol: UDP}
            """
                .formatted(name));
    for (Echo backend : backends) {
      text.append(
          """
          ---
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata:
            name: %1$s-%2$d
            namespace: default
            labels: {kubernetes.io/service-name: %1$s}
          addressType: IPv4
          ports:
          - {name: tcp, port: %2$d, protocol: TCP}
          - {name: udp, port: %2$d, protocol: UDP}
          endpoints:
          - {addresses: [127.0.0.1]}
          """
              .formatted(name, backend.port()));
    }
    return text.toString();
  }

  private static void pass(Proxy proxy, String ports) {
    proxy.configure(settings -> Configured.with(settings, "ports: " + ports));
  }

  private void passTcp(Proxy proxy, String flags) {
    pass(proxy, "{tcp: ['" + port + "=default/echo:80" + flags + "']}");
  }

  /** What comes back until it is so long. */
  private String ask(String text, int bytes) throws IOException {
    try (Connection connection = Connection.open(port)) {
      connection.send(text);
      return connection.read(bytes);
    }
  }

  private boolean isRefused() {
    try (Connection _ = Connection.open(port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private String datagram(InetAddress to, String text) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
      socket.connect(new InetSocketAddress(to, port));
      return exchange(socket, text);
    }
  }

  private static String exchange(DatagramSocket socket, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    socket.send(new DatagramPacket(bytes, bytes.length));
    DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
    socket.receive(answer);
    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
  }

  @Test
  void tcp_anyBytes_goThereAndBack(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a));
    passTcp(proxy, "");
    assertEquals(List.of(), proxy.rejections());
    String bytes = "\u0000\u0016\u0003GET / HTTP/1.1\r\n\r\n\u00ff";
    assertEquals("A:" + bytes, ask(bytes, 2 + bytes.length()));
  }

  @Test
  void tcp_connectionThatIsOpen_staysWhenOtherPortsCome(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a), echo("other", b));
    passTcp(proxy, "");
    int second = Ports.free();
    try (Connection open = Connection.open(port)) {
      assertEquals("A:", open.read(2));
      pass(
          proxy,
          "{tcp: ['%d=default/echo:tcp', '%d=default/other:80'], udp: ['%d=default/echo:udp']}"
              .formatted(port, second, port));
      open.send("x");
      assertEquals("x", open.read(1));
      try (Connection other = Connection.open(second)) {
        assertEquals("B:", other.read(2));
      }
    }
  }

  @Test
  void proxyHeader_thatIsRead_isNotPassedOn(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a));
    passTcp(proxy, ":PROXY");
    assertEquals("A:hello", ask("PROXY TCP4 192.0.2.7 192.0.2.8 1234 80\r\nhello", 7));
    String version2 =
        "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u00c0\0\u0002\u0007\u00c0\0\u0002\u0008\u0004\u00d2\0P";
    assertEquals("A:hello", ask(version2 + "hello", 7));
    try (Connection connection = Connection.open(port)) {
      connection.send("hello, without a header that is long enough to be one\r\n");
      // Closed, whether by an end or by a reset.
      assertEquals("", end(connection));
    }
  }

  private static String end(Connection connection) throws IOException {
    try {
      return connection.rest();
    } catch (SocketException e) {
      return "";
    }
  }

  @Test
  void proxyHeader_thatIsWritten_hasTheClient(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a));
    passTcp(proxy, "::PROXY");
    String begin = "A:PROXY TCP4 127.0.0.1 127.0.0.1 ";
    String answer = ask("hello", begin.length());
    assertEquals(begin, answer);
  }

  @Test
  void proxyHeader_readAndWritten_isTheSameClient(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a));
    passTcp(proxy, ":PROXY:PROXY");
    String header = "PROXY TCP4 192.0.2.7 192.0.2.8 1234 80\r\n";
    assertEquals("A:" + header + "hi", ask(header + "hi", 4 + header.length()));
  }

  @Test
  void udp_datagrams_goThereAndBackForEachClient(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a));
    pass(proxy, "{tcp: ['%1$d=default/echo:80'], udp: ['%1$d=default/echo:80']}".formatted(port));
    assertEquals(List.of(), proxy.rejections());
    InetAddress here = InetAddress.getLoopbackAddress();
    try (DatagramSocket first = new DatagramSocket();
        DatagramSocket second = new DatagramSocket()) {
      for (DatagramSocket socket : List.of(first, second)) {
        socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
        socket.connect(new InetSocketAddress(here, port));
      }
      for (int i = 0; i < 3; i++) {
        assertEquals("A:1" + i, exchange(first, "1" + i));
        assertEquals("A:2" + i, exchange(second, "2" + i));
      }
    }
    assertEquals("A:" + "x".repeat(1400), datagram(here, "x".repeat(1400)));
    assertEquals("A:tcp", ask("tcp", 5));
  }

  @Test
  void udp_onAllAddresses_isOnThoseOfIpv6Too(Proxy proxy) throws Exception {
    proxy.apply(echo("echo", a));
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "ipv6: true",
                "http: {address: 0.0.0.0, port: " + settings.listeners().http().port() + "}",
                "ports: {udp: ['" + port + "=default/echo:80']}"));
    assertEquals(List.of(), proxy.rejections());
    assertEquals("A:4", datagram(InetAddress.ofLiteral("127.0.0.1"), "4"));
    assertEquals("A:6", datagram(InetAddress.ofLiteral("::1"), "6"));
  }

  @Test
  void service_thatComesChangesAndGoes_isFollowed(Proxy proxy) throws Exception {
    proxy.apply("");
    passTcp(proxy, "");
    assertTrue(isRefused());
    assertEquals(
        List.of(Verdict.Reason.BackendNotFound),
        proxy.verdicts("Service", "echo").stream().map(Verdict::reason).toList());

    proxy.apply(echo("echo", a));
    assertEquals("A:x", ask("x", 3));

    proxy.apply(echo("echo", b));
    Await.until("the other endpoint has it", () -> ask("x", 3).equals("B:x"));

    proxy.apply(echo("echo"));
    Await.until(
        "nothing comes back",
        () -> {
          try (Connection connection = Connection.open(port)) {
            return end(connection).isEmpty();
          }
        });

    proxy.apply("");
    Await.until("nobody listens", this::isRefused);
    assertEquals(List.of(), proxy.rejections());
  }

  @Test
  void endpoint_thatTakesNoConnection_isPassedOver(Proxy proxy) throws Exception {
    Echo dead = Echo.start("D");
    dead.close();
    proxy.apply(echo("echo", dead, a));
    passTcp(proxy, "");
    for (int i = 0; i < 6; i++) {
      assertEquals("A:x", ask("x", 3));
    }
  }

  @Test
  void port_thatIsTaken_leavesAllOthersAlone(Proxy proxy) throws Exception {
    try (Backend web = Backend.start("W");
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      proxy.apply(
          echo("echo", a), service("web", web), ingress("web", "web.example.com", "Prefix / web"));
      pass(
          proxy,
          "{tcp: ['%d=default/echo:80', '%d=default/echo:80']}"
              .formatted(taken.getLocalPort(), port));
      Await.until("Envoy refuses it", () -> !proxy.rejections().isEmpty());
      assertEquals(
          List.of("tcp-" + taken.getLocalPort()),
          proxy.rejections().stream().map(each -> each.resource().name()).distinct().toList());
      assertEquals("A:x", ask("x", 3));
      assertEquals("W", proxy.get("web.example.com", "/").route());
    }
  }
}
