package io.isoline.controlplane.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleBackendsTest {

  private static final ObjectRef ALPACA = ObjectRef.service("default", "alpaca");

  private final SampleBackends backends = new SampleBackends();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    backends.close();
  }

  @Test
  void apply_newService_oneSlicePerPodWithThePortsNames() {
    List<EndpointSliceRecord> slices =
        upserts(backends.apply(List.of(alpaca(List.of("web", "admin"), "alpaca-1", "alpaca-2"))));
    assertEquals(2, slices.size());
    for (EndpointSliceRecord slice : slices) {
      assertEquals("alpaca", slice.service());
      assertEquals("default", slice.ref().namespace());
      assertEquals("IPv4", slice.addressType());
      assertEquals(
          List.of("web", "admin"),
          slice.ports().stream().map(EndpointSliceRecord.Port::name).toList());
      assertEquals(List.of("127.0.0.1"), slice.endpoints().getFirst().addresses());
    }
  }

  @Test
  void apply_sameAgain_noChange() {
    SampleService service = alpaca(List.of(""), "alpaca-1", "alpaca-2");
    backends.apply(List.of(service));
    assertEquals(List.of(), backends.apply(List.of(service)).changes());
  }

  @Test
  void apply_morePods_onlyTheNewOnesChange() {
    backends.apply(List.of(alpaca(List.of(""), "alpaca-1")));
    List<EndpointSliceRecord> slices =
        upserts(backends.apply(List.of(alpaca(List.of(""), "alpaca-1", "alpaca-2"))));
    assertEquals(1, slices.size());
    assertEquals(2, backends.size());
  }

  @Test
  void apply_fewerPods_theirSlicesAreDeleted() {
    List<EndpointSliceRecord> before =
        upserts(backends.apply(List.of(alpaca(List.of(""), "alpaca-1", "alpaca-2"))));
    List<Change> changes = backends.apply(List.of(alpaca(List.of(""), "alpaca-1"))).changes();
    assertEquals(List.of(new Change.Delete(before.getLast().ref())), changes);
  }

  @Test
  void apply_portAdded_theOthersKeepTheirNumber() {
    EndpointSliceRecord before =
        upserts(backends.apply(List.of(alpaca(List.of("web"), "alpaca-1")))).getFirst();
    EndpointSliceRecord after =
        upserts(backends.apply(List.of(alpaca(List.of("admin", "web"), "alpaca-1")))).getFirst();
    assertEquals(before.ports().getFirst(), after.ports().getLast());
  }

  @Test
  void request_describedInTheAnswer() throws Exception {
    int port = port(backends.apply(List.of(alpaca(List.of(""), "alpaca-1"))));
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/a%2Fb/c?d=e&f"))
                .header("X-Color", "blue")
                .header("X-Color", "green")
                .POST(HttpRequest.BodyPublishers.ofString("12345"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    JsonNode json = new ObjectMapper().readTree(response.body());
    assertEquals("alpaca", json.path("service").asText());
    assertEquals("default", json.path("namespace").asText());
    assertEquals("alpaca-1", json.path("pod").asText());
    assertEquals("POST", json.path("method").asText());
    assertEquals("/a%2Fb/c", json.path("path").asText());
    assertEquals("d=e&f", json.path("query").asText());
    assertEquals("127.0.0.1:" + port, json.path("host").asText());
    assertEquals(5, json.path("bodyBytes").asInt());
    assertEquals("[\"blue\",\"green\"]", json.path("headers").path("x-color").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"//admin/x", "//a/healthz", "/a//b"})
  void pathWithTwoSlashes_describedAsItIs(String path) throws Exception {
    int port = port(backends.apply(List.of(alpaca(List.of(""), "alpaca-1"))));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET " + path + "?a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String response =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(response.contains("\"path\" : \"" + path + "\""), response);
      assertTrue(response.contains("\"query\" : \"a\""), response);
    }
  }

  @Test
  void healthz_ok() throws Exception {
    int port = port(backends.apply(List.of(alpaca(List.of(""), "alpaca-1"))));
    HttpResponse<String> response = get(port, "/healthz");
    assertEquals(200, response.statusCode());
    assertEquals("ok\n", response.body());
  }

  @Test
  void head_hasTheLengthAndNoBody() throws Exception {
    int port = port(backends.apply(List.of(alpaca(List.of(""), "alpaca-1"))));
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                .HEAD()
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    assertEquals("3", response.headers().firstValue("Content-Length").orElse(""));
    assertEquals("", response.body());
  }

  @Test
  void close_nobodyListens() {
    int port = port(backends.apply(List.of(alpaca(List.of(""), "alpaca-1"))));
    backends.close();
    assertThrows(ConnectException.class, () -> get(port, "/"));
    SampleBackends.Applied after = backends.apply(List.of(alpaca(List.of(""), "alpaca-1")));
    assertTrue(after.changes().isEmpty());
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static SampleService alpaca(List<String> portNames, String... pods) {
    List<ServiceRecord.Port> ports = new ArrayList<>();
    for (String name : portNames) {
      ports.add(new ServiceRecord.Port(name, 8080 + ports.size(), "TCP", null));
    }
    return new SampleService(ALPACA, ports, List.of(pods));
  }

  private static List<EndpointSliceRecord> upserts(SampleBackends.Applied applied) {
    assertEquals(List.of(), applied.problems());
    List<EndpointSliceRecord> slices = new ArrayList<>();
    for (Change change : applied.changes()) {
      if (change instanceof Change.Upsert(EndpointSliceRecord slice)) {
        slices.add(slice);
      }
    }
    return slices;
  }

  private static int port(SampleBackends.Applied applied) {
    @Nullable Integer number = upserts(applied).getFirst().ports().getFirst().number();
    return number == null ? 0 : number;
  }
}
