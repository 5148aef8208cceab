package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How backends are connected to and what is spoken to them, as annotations say it. */
@WithEnvoy
class BackendConnectionsIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "shop.example.com";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend secure;

  @BeforeAll
  static void startBackends() throws IOException {
    a = Backend.start("A");
    secure =
        Backend.startTls("S", TestCertificate.of("backend.example.com", "backend.example.com"));
  }

  @AfterAll
  static void stopBackends() throws IOException {
    a.close();
    secure.close();
  }

  private static Response getByHttps(Proxy proxy, String path) throws IOException {
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to(HOST))) {
      return tls.exchange("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(path, HOST));
    }
  }

  // backend-protocol

  @Test
  void backendProtocol_autoHttp_isThatOfTheClient(Proxy proxy) throws Exception {
    proxy.apply(
        annotated(
            ingress("web", HOST, "Prefix / secure", "Prefix /plain plain"),
            NGINX + "backend-protocol",
            "AUTO_HTTP"),
        service("plain", a),
        service("secure", secure));
    assertEquals(List.of(), proxy.rejections());
    for (String path : List.of("/", "//")) {
      assertEquals("S", getByHttps(proxy, path).route(), path);
      assertTrue(proxy.get(HOST, path).status() >= 500, path);
    }
    assertEquals("A", proxy.get(HOST, "/plain").route());
  }

  // proxy-connect-timeout

  @Test
  void proxyConnectTimeout_endpointThatTakesNoConnection_anotherOneAnswers(Proxy proxy)
      throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
        waiting.add(channel);
      }
      proxy.apply(
          annotated(
              ingress("web", HOST, "Prefix / web"), NGINX + "proxy-connect-timeout", "1"),
          service("web", "http", List.of(full.getLocalPort(), a.port())));
      for (int i = 0; i < 3; i++) {
        assertEquals("A", proxy.get(HOST, "/").route());
      }
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  // service-upstream

  private static String withClusterIp(String address) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          clusterIP: "%s"
          ports:
          - {name: web, port: %d, targetPort: web}
        """
        .formatted(address, a.port());
  }

  private static String byNumber(int port) {
    return ingress("web", HOST, "Prefix / web").replace("number: 80", "number: " + port);
  }

  @Test
  void serviceUpstream_requestsGoToTheClusterIp(Proxy proxy) throws Exception {
    proxy.apply(
        annotated(byNumber(a.port()), NGINX + "service-upstream", "true"),
        withClusterIp("127.0.0.1"),
        slice("web", Ports.free(), "{ready: true}"));
    assertEquals(List.of(), proxy.rejections());
    assertEquals("A", proxy.get(HOST, "/").route());
  }

  @Test
  void serviceUpstream_headless_endpointsGetThem(Proxy proxy) throws Exception {
    proxy.apply(
        annotated(byNumber(a.port()), NGINX + "service-upstream", "true"),
        withClusterIp("None"),
        slice("web", a.port(), "{ready: true}"));
    assertEquals("A", proxy.get(HOST, "/").route());
    List<Verdict> verdicts = proxy.verdicts("Ingress", "web");
    assertTrue(
        verdicts.stream()
            .anyMatch(
                verdict ->
                    verdict.outcome() == Outcome.APPLIED_WITH_DIFFERENCE
                        && verdict.message().contains("headless")),
        verdicts::toString);
  }
}
