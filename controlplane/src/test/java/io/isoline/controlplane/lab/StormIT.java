package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.EnvoyAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of objects within seconds. How few turns they cost is for {@code ChangeQueueTest}. */
@WithLab(own = true)
class StormIT {

  /** With a Service and an EndpointSlice for each Ingress, 5,001 objects. */
  private static final int HOSTS = 1_667;

  private static final String NAMESPACE = "storm";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void manyObjects_madeAndChanged_envoyEndsWithWhatTheySay(Lab lab, TestReporter report)
      throws IOException {
    String address = lab.address();
    Path settings =
        Files.writeString(
            directory.resolve("isoline.yaml"),
            "http: {address: %s}%nhttps: {address: %s}%n".formatted(address, address));
    try (LabProcess isoline =
        lab.isoline(
            "serve",
            "--kubeconfig=" + lab.kubeconfig(),
            "--listen=" + address + ":18000",
            "--admin=" + address + ":8001",
            "--lease=default/isoline",
            "--config=" + settings)) {
      // An Envoy that finds nobody takes its time until it tries again.
      isoline.awaitLine("all objects are read");
      writeAndCompare(lab, address, isoline, report);
    }
  }

  private void writeAndCompare(Lab lab, String address, LabProcess isoline, TestReporter report)
      throws IOException {
    try (LabProcess envoy = startEnvoy(lab, address)) {
      EnvoyAdmin admin = new EnvoyAdmin(admin());
      Cluster.await("Envoy is ready", () -> isReady(admin));

      report.publishEntry("made", seed(lab));
      report.publishEntry("endpoints", churn(lab, "endpoints"));
      report.publishEntry("backends", churn(lab, "ingresses"));

      SortedMap<String, SortedSet<String>> said = said(lab);
      assertEquals(HOSTS, said.size());
      Cluster.await("Envoy has what the objects say", () -> served(admin).equals(said));
      Map<String, Double> metrics = metrics(lab, address);
      double turns = metrics.getOrDefault("isoline_translation_duration_seconds_count", 0.0);
      double changes = metrics.getOrDefault("isoline_translated_changes_total", 0.0);
      report.publishEntry("changes", changes + " in " + turns + " turns");
      for (String each : List.of("translation_wait", "translation_duration", "delivery_duration")) {
        String name = "isoline_" + each + "_seconds_max";
        report.publishEntry(name, String.valueOf(metrics.get(name)));
      }
      assertTrue(changes >= 3 * HOSTS, () -> changes + " changes");
      assertTrue(turns < changes, () -> changes + " changes in " + turns + " turns");
      assertEquals(0, metrics.getOrDefault("isoline_translation_failures_total", 0.0));
      assertTrue(isoline.isAlive() && envoy.isAlive());
    }
  }

  private LabProcess startEnvoy(Lab lab, String address) throws IOException {
    Bootstrap bootstrap =
        Bootstrap.of(BootstrapOptions.builder(new Address.Socket(address, 18000), admin()).build());
    Path file = Files.writeString(directory.resolve("envoy.yaml"), bootstrap.toYaml());
    return lab.start(
        Map.of(),
        lab.envoy().toString(),
        "--config-path",
        file.toString(),
        "--disable-hot-restart",
        "--concurrency",
        "1");
  }

  private Address.Pipe admin() {
    return new Address.Pipe(directory.resolve("admin.sock"));
  }

  private static boolean isReady(EnvoyAdmin admin) {
    try {
      return admin.get("/ready").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What the command prints: how much it wrote, and how fast. */
  private static String load(Lab lab, String command, String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "lab";
    all[1] = command;
    all[2] = "--namespace=" + NAMESPACE;
    System.arraycopy(options, 0, all, 3, options.length);
    return Output.of(lab.command(all), "").orThrow();
  }

  private static String seed(Lab lab) {
    return load(lab, "seed", "--services=" + HOSTS, "--ingresses=" + HOSTS, "--class=isoline");
  }

  private static String churn(Lab lab, String what) {
    return load(lab, "churn", "--what=" + what, "--rate=300", "--duration=3s");
  }

  /** The addresses by host, as the objects have them. */
  private static SortedMap<String, SortedSet<String>> said(Lab lab) {
    Map<String, SortedSet<String>> byService = new HashMap<>();
    for (EndpointSlice slice :
        lab.client().discovery().v1().endpointSlices().inNamespace(NAMESPACE).list().getItems()) {
      SortedSet<String> addresses = new TreeSet<>();
      for (Endpoint endpoint : slice.getEndpoints()) {
        endpoint
            .getAddresses()
            .forEach(ip -> addresses.add(ip + ":" + slice.getPorts().getFirst().getPort()));
      }
      byService.put(slice.getMetadata().getLabels().get("kubernetes.io/service-name"), addresses);
    }
    SortedMap<String, SortedSet<String>> said = new TreeMap<>();
    for (Ingress ingress :
        lab.client().network().v1().ingresses().inNamespace(NAMESPACE).list().getItems()) {
      var rule = ingress.getSpec().getRules().getFirst();
      String service = rule.getHttp().getPaths().getFirst().getBackend().getService().getName();
      said.put(rule.getHost(), byService.getOrDefault(service, new TreeSet<>()));
    }
    return said;
  }

  /** The addresses by host, as Envoy has them. */
  private static SortedMap<String, SortedSet<String>> served(EnvoyAdmin admin) throws IOException {
    Map<String, SortedSet<String>> byCluster = new HashMap<>();
    for (JsonNode config : dump(admin, "?include_eds&resource=dynamic_endpoint_configs")) {
      JsonNode cluster = config.path("endpoint_config");
      SortedSet<String> addresses = new TreeSet<>();
      for (JsonNode endpoint : cluster.findValues("socket_address")) {
        addresses.add(
            endpoint.path("address").asText() + ":" + endpoint.path("port_value").asInt());
      }
      byCluster.put(cluster.path("cluster_name").asText(), addresses);
    }
    SortedMap<String, SortedSet<String>> served = new TreeMap<>();
    for (JsonNode config : dump(admin, "?resource=dynamic_route_configs")) {
      for (JsonNode host : config.path("route_config").path("virtual_hosts")) {
        String cluster = host.path("routes").path(0).path("route").path("cluster").asText("");
        String domain = host.path("name").asText();
        if (!cluster.isEmpty()) {
          served.put(domain, byCluster.getOrDefault(cluster, new TreeSet<>()));
        }
      }
    }
    return served;
  }

  private static JsonNode dump(EnvoyAdmin admin, String query) throws IOException {
    return JSON.readTree(admin.get("/config_dump" + query).body()).path("configs");
  }

  /** The sum of each metric over its labels. */
  private static Map<String, Double> metrics(Lab lab, String address) {
    Map<String, Double> sums = new HashMap<>();
    lab.exec("curl", "-sS", "http://" + address + ":8001/metrics")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line ->
                sums.merge(
                    line.replaceFirst("[{ ].*", ""),
                    Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                    Double::sum));
    return sums;
  }
}
