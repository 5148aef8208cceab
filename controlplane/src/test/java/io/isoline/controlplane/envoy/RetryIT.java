package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend ends a connection on which it has read a request. */
@WithEnvoy
class RetryIT {

  /** Often enough that the one that leaves is asked first some time, however Envoy chooses. */
  private static final int REQUESTS = 20;

  @SuppressWarnings("NullAway") // set before each test
  private Backend leaving;

  @SuppressWarnings("NullAway") // set before each test
  private Backend staying;

  @BeforeEach
  void startBackends(Proxy proxy) throws IOException {
    leaving = Backend.start("L");
    staying = Backend.start("S");
    proxy.apply(
        ingress("web", "web.example.com", "Prefix / s"),
        ingress("others", "*.example.com", "Prefix / s"),
        service("s", leaving, staying));
  }

  @AfterEach
  void stopBackends() throws IOException {
    leaving.close();
    staying.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
  void connection_endsWithAnIdempotentRequest_anotherEndpointAnswers(String method, Proxy proxy)
      throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(200, status(proxy, method, i));
    }
    assertEquals(REQUESTS, received(staying, method));
    assertTrue(received(leaving, method) > 0, "the one that leaves was never asked");
  }

  /** Whatever the client asks for in headers of Envoy. */
  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH"})
  void connection_endsWithAnotherRequest_isSentOnceAndAnswered503(String method, Proxy proxy)
      throws Exception {
    List<Integer> failed = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      int status = status(proxy, method, i);
      if (status != 200) {
        failed.add(status);
      }
    }
    long lost = received(leaving, method);
    assertTrue(lost > 0, "the one that leaves was never asked");
    assertEquals(REQUESTS, lost + received(staying, method));
    assertEquals(lost, failed.stream().filter(status -> status == 503).count(), failed::toString);
    assertEquals(lost, failed.size(), failed::toString);
  }

  /** Sends it after others, so that Envoy has connections to both; to each host in turn. */
  private static int status(Proxy proxy, String method, int number) throws IOException {
    String host = number % 4 < 2 ? "web.example.com" : "other.example.com";
    try (Connection connection = proxy.connect()) {
      for (int i = 0; i < 2 + number % 2; i++) {
        connection.exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      }
      connection.send(
          method
              + " /?leave=L HTTP/1.1\r\nHost: "
              + host
              + "\r\nContent-Length: 2\r\n"
              + "X-Envoy-Retry-On: reset\r\n\r\nhi");
      return connection.receiveHead().status();
    }
  }

  private static long received(Backend backend, String method) {
    return backend.received().stream()
        .filter(request -> request.method().equals(method) && !request.target().equals("/"))
        .count();
  }
}
