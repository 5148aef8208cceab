package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotatedBelow;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is spoken to backends, and what lasts longer than a request. */
@WithEnvoy
class ProtocolsIT {

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend plain;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend encrypted;

  @BeforeAll
  static void startBackends() throws IOException {
    plain = Backend.start("PLAIN");
    encrypted = Backend.startTls("TLS", TestCertificate.of("backend", "backend.internal"));
  }

  @AfterAll
  static void stopBackends() throws IOException {
    plain.close();
    encrypted.close();
  }

  private static void apply(Proxy proxy, String appProtocol, Backend backend) {
    proxy.apply(
        ingress("web", "web.example.com", "Prefix / web"), service("web", appProtocol, backend));
  }

  @ParameterizedTest
  @CsvSource({"http", "kubernetes.io/ws", "unknown.example.com/x"})
  void appProtocol_plain_isHttp11(String appProtocol, Proxy proxy) throws Exception {
    apply(proxy, appProtocol, plain);
    Response response = proxy.get("web.example.com", "/");
    assertEquals("PLAIN", response.route());
    assertEquals("HTTP/1.1", response.echo().version());
  }

  @ParameterizedTest
  @CsvSource({"https", "kubernetes.io/wss"})
  void appProtocol_tls_isHttp11OverTls(String appProtocol, Proxy proxy) throws Exception {
    apply(proxy, appProtocol, encrypted);
    Response response = proxy.get("web.example.com", "/");
    assertEquals("TLS", response.route());
    assertEquals("HTTP/1.1", response.echo().version());
    assertEquals("http", response.echo().header("x-forwarded-proto"));
  }

  @ParameterizedTest
  @CsvSource({"kubernetes.io/h2c", "grpc"})
  void appProtocol_h2_isHttp2(String appProtocol, Proxy proxy) throws Exception {
    apply(proxy, appProtocol, plain);
    int before = plain.http2Requests();
    assertEquals("PLAIN", proxy.get("web.example.com", "/").route());
    assertEquals(before + 1, plain.http2Requests());
  }

  @Test
  void fastCgi_isAnsweredByEnvoyAndNothingIsSent(Proxy proxy) throws Exception {
    int before = plain.received().size();
    proxy.apply(
        annotatedBelow(
            "nginx.ingress.kubernetes.io/",
            ingress("php", "php.example.com", "Prefix / php"),
            "backend-protocol",
            "FCGI",
            "fastcgi-index",
            "index.php"),
        service("php", plain));
    Response response = proxy.get("php.example.com", "/a.php");
    assertEquals(503, response.status());
    assertTrue(response.body().contains("speaks FastCGI"), response.body());
    assertEquals(before, plain.received().size());
  }

  @Test
  void appProtocol_changed_isSpokenFromThenOn(Proxy proxy) throws Exception {
    apply(proxy, "http", plain);
    int before = plain.http2Requests();
    assertEquals("PLAIN", proxy.get("web.example.com", "/").route());
    assertEquals(before, plain.http2Requests());
    apply(proxy, "kubernetes.io/h2c", plain);
    assertEquals("PLAIN", proxy.get("web.example.com", "/").route());
    assertEquals(before + 1, plain.http2Requests());
  }

  @Test
  void grpc_streamsWithTrailers_comeThrough(Proxy proxy) throws Exception {
    try (GrpcEcho echo = GrpcEcho.start()) {
      proxy.apply(
          tlsIngress("grpc", "grpc", "grpc.example.com", "Prefix / grpc"),
          TestCertificate.of("grpc", "grpc.example.com").secret("grpc"),
          service("grpc", "grpc", List.of(echo.port())));
      ManagedChannel clear =
          NettyChannelBuilder.forAddress("127.0.0.1", proxy.httpPort())
              .overrideAuthority("grpc.example.com")
              .usePlaintext()
              .build();
      ManagedChannel secure =
          NettyChannelBuilder.forAddress("127.0.0.1", proxy.httpsPort())
              .overrideAuthority("grpc.example.com")
              .sslContext(
                  GrpcSslContexts.forClient()
                      .trustManager(InsecureTrustManagerFactory.INSTANCE)
                      .build())
              .build();
      for (ManagedChannel channel : List.of(clear, secure)) {
        try {
          assertEquals(
              List.of("one", "two", "three", "OK trailer=yes"),
              GrpcEcho.call(channel, "one", "two", "three"));
          assertEquals(
              List.of("one", "NOT_FOUND trailer=yes"), GrpcEcho.call(channel, "one", "fail"));
        } finally {
          channel.shutdownNow();
          channel.awaitTermination(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"http", "kubernetes.io/ws", "https", "kubernetes.io/wss"})
  void webSocket_echoes(String appProtocol, Proxy proxy) throws Exception {
    boolean tls = appProtocol.equals("https") || appProtocol.endsWith("wss");
    apply(proxy, appProtocol, tls ? encrypted : plain);
    try (Connection plainly = proxy.connect();
        Connection secure = proxy.tls(TlsConnection.Hello.to("web.example.com"))) {
      for (Connection connection : List.of(plainly, secure)) {
        connection.send(
            """
            GET /socket HTTP/1.1\r
            Host: web.example.com\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """);
        assertEquals(101, connection.receiveHead().status());
        for (String message : List.of("hello", "again")) {
          connection.send(message);
          assertEquals(message, connection.read(message.length()));
        }
      }
    }
  }

  /** Envoy's default would end it after 15 s. */
  @Test
  void response_thatTakesLong_isNotCutOff(Proxy proxy) throws Exception {
    apply(proxy, "http", plain);
    Response response = proxy.get("web.example.com", "/?trickle=17");
    assertEquals(200, response.status());
    assertEquals(".".repeat(17), response.body());
  }
}
