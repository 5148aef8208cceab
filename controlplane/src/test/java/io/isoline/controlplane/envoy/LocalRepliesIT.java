package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Envoy's own answers say: why, and that no application said it. */
@WithEnvoy
class LocalRepliesIT {

  private static final String HOST = "web.example.com";
  private static final String OWN = "This answer is from Envoy, the ingress proxy";
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @BeforeAll
  static void startBackend() throws IOException {
    backend = Backend.start("A");
  }

  @AfterAll
  static void stopBackend() throws IOException {
    backend.close();
  }

  private static void apply(Proxy proxy) throws IOException {
    proxy.apply(
        tlsIngress(
            "web",
            "web",
            HOST,
            "Prefix /app a",
            "Prefix /missing missing",
            "Prefix /none none",
            "Prefix /dead dead"),
        TestCertificate.of("web", HOST).secret("web"),
        service("a", backend),
        service("none", "http", List.of()),
        service("dead", "http", List.of(Ports.free())));
  }

  private static String get(String host, String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
        + String.join("", headers)
        + "\r\n";
  }

  private static String accept(String types) {
    return "Accept: " + types + "\r\n";
  }

  private static void assertExplained(int status, String reason, Response response) {
    assertEquals(status, response.status());
    assertTrue(response.body().startsWith(status + " " + reason), response::toString);
    assertTrue(response.body().contains(OWN), response::toString);
    assertEquals("text/plain", response.header("content-type"));
    assertEquals("no-store", response.header("cache-control"));
  }

  @ParameterizedTest
  @CsvSource({
    "/missing, 503, the backend that the Ingress names for this path is missing",
    "/none, 503, no endpoint of the backend is ready",
    "/dead, 503, upstream connect error",
    "/app?leave=A, 503, upstream connect error",
    "/nothing, 404, no Ingress has a rule for this path of the host",
  })
  void text_eachCause_isNamed(String path, int status, String reason, Proxy proxy)
      throws Exception {
    apply(proxy);
    // A connection that breaks under a GET would be tried again; that changes no answer.
    assertExplained(status, reason, proxy.request(get(HOST, path)));
    try (Connection secure = proxy.tls(Hello.to(HOST));
        Http2Connection http2 = new Http2Connection(proxy.connect())) {
      assertExplained(status, reason, secure.exchange(get(HOST, path)));
      http2.send(1, Http2Connection.get(HOST, path));
      assertTrue(http2.outcome(1).contains(status + " " + reason));
    }
  }

  @Test
  void text_noHost_isToldFromNoPath(Proxy proxy) throws Exception {
    apply(proxy);
    Response response = proxy.request(get("nobody.example.com", "/"));
    assertExplained(404, "", response);
    assertFalse(response.body().contains("this path"), response::toString);
  }

  @Test
  void text_refusedRequests_nameTheReason(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: 10}"));
    Response underscore = proxy.request(get(HOST, "/app", "a_b: c\r\n"));
    assertExplained(400, "Bad Request (http1.unexpected_underscore)", underscore);
    Response body = proxy.request(get(HOST, "/app", "Content-Length: 20\r\n") + "a".repeat(20));
    assertExplained(413, "Payload Too Large", body);
    Response headers = proxy.request(get(HOST, "/app", "X: " + "a".repeat(70_000) + "\r\n"));
    assertExplained(431, "Request Header Fields Too Large", headers);
  }

  @Test
  void json_accepted_isJson(Proxy proxy) throws Exception {
    apply(proxy);
    for (String types : List.of("application/json", "application/json, text/plain, */*")) {
      for (String path : List.of("/nothing", "/none", "/dead")) {
        Response response = proxy.request(get(HOST, path, accept(types)));
        assertEquals("application/json", response.header("content-type"));
        JsonNode body = new ObjectMapper().readTree(response.body());
        assertEquals(response.status(), body.get("status").asInt());
        assertFalse(body.get("reason").asText().isEmpty());
        assertEquals("Envoy, the ingress proxy", body.get("from").asText());
      }
    }
  }

  @Test
  void html_browser_isHtmlWithNothingOfTheRequest(Proxy proxy) throws Exception {
    apply(proxy);
    String path = "/nothing/%3Cscript%3E<script>alert(1)</script>?<script>";
    for (String host : List.of(HOST, "nobody.example.com")) {
      Response response =
          proxy.request(
              get(host, path, accept(BROWSER), "User-Agent: <script>\r\nX-Request-Id: <script>\r\n"));
      assertEquals(404, response.status());
      assertEquals("text/html; charset=utf-8", response.header("content-type"));
      assertTrue(response.body().startsWith("<!DOCTYPE html>"), response::toString);
      assertTrue(response.body().contains(OWN), response::toString);
      assertFalse(response.body().contains("script"), response::toString);
    }
  }

  @Test
  void head_hasTheLengthAndNoBody(Proxy proxy) throws Exception {
    apply(proxy);
    try (Connection connection = proxy.connect()) {
      connection.send(get(HOST, "/nothing").replace("GET", "HEAD"));
      Response head = connection.receiveHead();
      assertEquals(404, head.status());
      // Were there a body, it would be in the way of the next answer.
      Response get = connection.exchange(get(HOST, "/nothing"));
      assertEquals(404, get.status());
      assertEquals(get.header("content-length"), head.header("content-length"));
    }
  }

  @Test
  void grpc_getsAStatusAndItsMessage(Proxy proxy) throws Exception {
    apply(proxy);
    Response response =
        proxy.request(get(HOST, "/none", "Content-Type: application/grpc\r\n").replace("GET", "POST")
            .replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"));
    assertEquals(200, response.status());
    assertEquals("14", response.header("grpc-status"));
    assertEquals("no healthy upstream", response.header("grpc-message"));
  }

  @Test
  void redirect_hasNoBody(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(settings -> Configured.with(settings, "redirectToHttps: true"));
    Response response = proxy.request(get(HOST, "/app", accept(BROWSER)));
    assertEquals(308, response.status());
    assertEquals("", response.body());
    assertEquals("", response.header("cache-control"));
  }

  @Test
  void answersOfTheBackend_areItsOwn(Proxy proxy) throws Exception {
    apply(proxy);
    Response response = proxy.request(get(HOST, "/app?text=5", accept(BROWSER)));
    assertEquals("aaaaa", response.body());
    assertEquals("", response.header("cache-control"));
  }

  @Test
  void switchedOff_isAsEnvoyHasIt(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(settings -> Configured.with(settings, "explainErrors: false"));
    assertEquals("", proxy.request(get(HOST, "/nothing")).body());
    assertEquals("", proxy.request(get(HOST, "/missing")).body());
    assertEquals("no healthy upstream", proxy.request(get(HOST, "/none")).body());
    proxy.apply(ingress("other", HOST, "Prefix /app a"), service("a", backend));
    assertEquals("", proxy.request(get(HOST, "/nothing")).body());
  }
}
