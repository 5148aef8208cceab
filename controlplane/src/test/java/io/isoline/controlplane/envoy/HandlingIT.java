package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.AnsweringBackend.answer;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to backends and the access log, by annotation. */
@WithEnvoy
class HandlingIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  @SuppressWarnings("NullAway") // set before all tests
  private static AnsweringBackend web;

  @BeforeAll
  static void startBackend() throws IOException {
    web = AnsweringBackend.start(request -> answer(200, request.header("connection")));
  }

  @AfterAll
  static void stopBackend() throws IOException {
    web.close();
  }

  private static String annotated(String ingress, String... keysAndValues) {
    return Yaml.annotatedBelow(NGINX, ingress, keysAndValues);
  }

  // connection-proxy-header

  @ParameterizedTest
  @CsvSource({"close, close", "keep-alive, ''"})
  void connectionProxyHeader_isWhatTheBackendGets(String value, String expected, Proxy proxy)
      throws Exception {
    proxy.apply(
        annotated(
            ingress("shop", "shop.example.com", "Prefix / web"), "connection-proxy-header", value),
        web.service("web"));
    assertEquals(List.of(), proxy.rejections());
    for (int i = 0; i < 3; i++) {
      assertEquals(expected, proxy.get("shop.example.com", "/").body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "kubernetes.io/h2c"})
  void connectionProxyHeader_close_leavesWebSocketsAlone(String protocol, Proxy proxy)
      throws Exception {
    try (Backend socket = Backend.start("S")) {
      proxy.apply(
          annotated(
              ingress("shop", "shop.example.com", "Prefix / s"), "connection-proxy-header", "close"),
          Yaml.service("s", protocol, socket));
      try (Connection connection = proxy.connect()) {
        connection.send(
            String.join(
                "\r\n",
                "GET / HTTP/1.1",
                "Host: shop.example.com",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                ""));
        assertEquals(101, connection.receiveHead().status());
        connection.send("hello");
        assertEquals("hello", connection.read(5));
      }
      assertEquals("S", proxy.get("shop.example.com", "/").backend());
    }
  }

  // enable-access-log

  @Test
  void enableAccessLog_false_leavesTheRequestsOfTheIngressOut(Proxy proxy) throws Exception {
    proxy.configure(
        settings -> Configured.with(settings, "accessLog: {format: json, path: /dev/stdout}"));
    proxy.apply(
        annotated(
            ingress("quiet", "shop.example.com", "Prefix /quiet web"),
            "enable-access-log",
            "false"),
        annotated(
            ingress("moved", "shop.example.com", "Prefix /moved web"),
            "enable-access-log",
            "false",
            "permanent-redirect",
            "https://www.example.com"),
        annotated(
            ingress("wild", "*.wild.example.com", "Prefix / web"), "enable-access-log", "false"),
        ingress("loud", "shop.example.com", "Prefix / web"),
        web.service("web"));
    assertEquals(List.of(), proxy.rejections());
    assertEquals(200, proxy.get("shop.example.com", "/quiet").status());
    assertEquals(301, proxy.get("shop.example.com", "/moved").status());
    assertEquals(200, proxy.get("x.wild.example.com", "/wild").status());
    assertEquals(200, proxy.get("SHOP.example.com", "/quiet").status());
    assertEquals(200, proxy.get("shop.example.com", "/loud").status());
    Await.until("the last is logged", () -> isLogged(proxy, "/loud"));
    for (String path : List.of("/quiet", "/moved", "/wild")) {
      assertFalse(isLogged(proxy, path), () -> path + " is logged");
    }
  }

  private static boolean isLogged(Proxy proxy, String path) {
    String field = "\"path\":\"" + path + "\"";
    return proxy.envoy().output().stream().anyMatch(line -> line.contains(field));
  }
}
