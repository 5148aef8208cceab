package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.admin.MetricsPage;
import io.isoline.controlplane.admin.MetricsPage.Metric;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Envoy has the metrics that {@code docs/metrics.md} promises of it. */
@WithEnvoy
class EnvoyMetricsIT {

  @Test
  void documentedMetrics_ofThisTypeAndWithTheseLabels(Proxy proxy) throws Exception {
    try (Backend backend = Backend.start("A")) {
      proxy.apply(ingress("web", "web.example.com", "Prefix / a"), service("a", backend));
      assertEquals(200, proxy.get("web.example.com", "/").status());
      String page = proxy.envoy().get("/stats/prometheus");
      List<String> missing = new ArrayList<>();
      for (Metric metric : MetricsPage.read().tailMap("envoy_").values()) {
        if (metric.name().startsWith("envoy_") && !has(page, metric)) {
          missing.add(metric.toString());
        }
      }
      assertEquals(List.of(), missing);
    }
  }

  private static boolean has(String page, Metric metric) {
    String name = metric.name() + (metric.type().equals("histogram") ? "_bucket" : "");
    return page.contains("# TYPE " + metric.name() + " " + metric.type() + "\n")
        && page.lines()
            .filter(line -> line.startsWith(name + "{"))
            .anyMatch(line -> metric.labels().stream().allMatch(l -> line.contains(l + "=\"")));
  }
}
