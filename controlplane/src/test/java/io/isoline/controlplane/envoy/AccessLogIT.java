package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.Response.Header;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import io.isoline.translator.model.HttpOptions.AccessLog.Format;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends does not make other fields of the access log, nor other lines. */
@WithEnvoy
class AccessLogIT {

  private static final String HOST = "web.example.com";
  private static final String FORGED = "x\" \"0-fake\" details=none \\ {\"a\": 'b'}\t<&>";

  /** A line of text; what is in quotes is a string of JSON. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\S+ 127\\.0\\.0\\.1 (\"(?:[^\"\\\\]|\\\\.)*\"|-) (\\d+) \\S+ \\d+ \\d+ \\d+ route=\\S+"
              + " upstream=\\S+ \\S+ (\"(?:[^\"\\\\]|\\\\.)*\"|-) (\"(?:[^\"\\\\]|\\\\.)*\"|-)"
              + " details=(\\S+)");

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

  private static void apply(Proxy proxy, Format format) {
    proxy.apply(
        tlsIngress("web", "web", HOST, "Prefix / a"),
        TestCertificate.of("web", HOST).secret("web"),
        service("a", backend));
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "accessLog: {format: " + format.name().toLowerCase(Locale.ROOT)
                    + ", path: /dev/stdout}"));
  }

  private static String request(String path, String agent) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nX-Request-Id: %s\r\n\r\n"
        .formatted(path, HOST, agent, agent);
  }

  /** One request over each of the protocols. */
  private static void sendOverAll(Proxy proxy, String path, String agent) throws IOException {
    try (Connection plain = proxy.connect();
        Connection secure = proxy.tls(Hello.to(HOST));
        Http2Connection http2 = new Http2Connection(proxy.connect())) {
      assertEquals("A", plain.exchange(request(path, agent)).route());
      assertEquals("A", secure.exchange(request(path, agent)).route());
      http2.send(
          1,
          Http2Connection.get(
              HOST,
              path,
              new Header("user-agent", agent),
              new Header("x-request-id", agent)));
      assertTrue(http2.outcome(1).startsWith("200"));
    }
  }

  private static List<String> lines(Proxy proxy, String part, int count) {
    List<String> lines = new ArrayList<>();
    Await.until(
        count + " lines with " + part,
        () -> {
          lines.clear();
          proxy.envoy().output().stream().filter(l -> l.contains(part)).forEach(lines::add);
          return lines.size() >= count;
        });
    return lines;
  }

  private static String unquoted(String quoted) throws IOException {
    return quoted.equals("-") ? quoted : new ObjectMapper().readValue(quoted, String.class);
  }

  @Test
  void text_anythingSent_staysInItsField(Proxy proxy) throws Exception {
    apply(proxy, Format.TEXT);
    sendOverAll(proxy, "/text\"forged", FORGED);
    List<String> requests = new ArrayList<>();
    for (String line : lines(proxy, "/text%22forged", 3)) {
      Matcher matcher = LINE.matcher(line);
      assertTrue(matcher.matches(), line);
      assertEquals("200", matcher.group(2));
      assertEquals(FORGED, unquoted(matcher.group(3)));
      assertEquals(FORGED, unquoted(matcher.group(4)));
      assertEquals("via_upstream", matcher.group(5));
      requests.add(unquoted(matcher.group(1)));
    }
    requests.sort(null);
    String start = "GET " + HOST + " /text%22forged HTTP/";
    assertEquals(List.of(start + "1.1", start + "1.1", start + "2"), requests);
  }

  @Test
  void text_bytesThatAreNoText_stayInTheirField(Proxy proxy) throws Exception {
    apply(proxy, Format.TEXT);
    assertEquals("A", proxy.request(request("/bytes", "\u00ff\u00fe\" \u0080")).route());
    String line = lines(proxy, "/bytes", 1).getFirst();
    assertTrue(LINE.matcher(line).matches(), line);
  }

  /** A WebSocket has filters of its own where bodies have a limit. */
  @Test
  void text_webSocketWithABodyLimit_isNoted(Proxy proxy) throws Exception {
    apply(proxy, Format.TEXT);
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: 1000}"));
    try (Connection connection = proxy.connect()) {
      connection.send(
          "GET /socket HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: Upgrade\r\n"
              + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertEquals(101, connection.receiveHead().status());
    }
    Matcher matcher = LINE.matcher(lines(proxy, "/socket", 1).getFirst());
    assertTrue(matcher.matches());
    assertEquals("GET " + HOST + " /socket HTTP/1.1", unquoted(matcher.group(1)));
  }

  /** What is refused before it is a request has no fields, and a reason all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"TEXT", "JSON"})
  void refusedRequest_namesTheReason(Format format, Proxy proxy) throws Exception {
    apply(proxy, format);
    assertEquals(
        400,
        proxy
            .request("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nwith_underscore: \" 200\r\n\r\n")
            .status());
    String reason = "http1.unexpected_underscore";
    switch (format) {
      case TEXT -> {
        Matcher matcher = LINE.matcher(lines(proxy, "details=" + reason, 1).getFirst());
        assertTrue(matcher.matches());
        assertEquals("-", matcher.group(1));
        assertEquals("400", matcher.group(2));
      }
      case JSON -> {
        String line = lines(proxy, "\"details\":\"" + reason, 1).getFirst();
        assertEquals(400, new ObjectMapper().readTree(line).get("status").asInt());
      }
    }
  }

  @Test
  void json_anythingSent_staysInItsField(Proxy proxy) throws Exception {
    apply(proxy, Format.JSON);
    sendOverAll(proxy, "/json\"forged", FORGED);
    for (String line : lines(proxy, "/json%22forged", 3)) {
      JsonNode fields = new ObjectMapper().readTree(line);
      assertEquals(FORGED, fields.get("user_agent").asText());
      assertEquals(FORGED, fields.get("request_id").asText());
      assertEquals("/json%22forged", fields.get("path").asText());
      assertEquals(200, fields.get("status").asInt());
    }
  }
}
