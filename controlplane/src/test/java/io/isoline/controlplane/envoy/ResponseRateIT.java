package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How fast answers are sent: slower than the rate is never a failure, faster is. */
@WithEnvoy
class ResponseRateIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

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

  @Test
  void limitRate_withBuffering_takesItsTime(Proxy proxy) throws Exception {
    proxy.apply(
        annotated(
            ingress("web", "web.example.com", "Prefix / a"),
            NGINX + "limit-rate",
            "10",
            NGINX + "proxy-buffering",
            "on"),
        service("a", backend));
    assertEquals(List.of(), proxy.rejections());
    long begin = System.nanoTime();
    Response response = proxy.get("web.example.com", "/?text=20480");
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertEquals(20_480, response.body().length());
    assertTrue(took.toMillis() > 1500, took::toString);
    assertTrue(proxy.envoy().get("/config_dump").contains("\"limit_kbps\": \"10\""));
  }
}
