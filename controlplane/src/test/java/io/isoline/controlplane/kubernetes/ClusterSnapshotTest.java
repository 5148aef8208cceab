package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.migrate.ClusterSnapshot;
import io.isoline.controlplane.migrate.JudgedIngresses;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.settings.IngressSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code isoline migrate} reads of a cluster, here of an API server in this process. */
final class ClusterSnapshotTest {

  private static final Settings NGINX =
      Fed.SETTINGS.with(
          Fed.SETTINGS
              .ingress()
              .with(
                  new IngressSettings.Classes(
                      List.of("nginx"), "k8s.io/ingress-nginx", false)));

  private FakeApiServer api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApiServer();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private ApiServer server() throws ApiServerException {
    return ApiServer.of(new ApiServerOptions(null, null, api.url()), Map.of());
  }

  private void put(String name, String className) {
    api.put(
        "ingresses",
        ("{'metadata':{'namespace':'shop','name':'%s'},'spec':{'ingressClassName':'%s',"
                + "'rules':[{'host':'%s.example.com'}]}}")
            .formatted(name, className, name));
  }

  @Test
  void read_cluster_theIngressesOfIngressNginx() throws Exception {
    api.put(
        "ingressclasses",
        "{'metadata':{'name':'public'},'spec':{'controller':'k8s.io/ingress-nginx'}}");
    put("a", "public");
    put("b", "nginx");
    put("c", "isoline");
    try (ApiServer server = server()) {
      List<Change> changes =
          ClusterSnapshot.read(server, Scope.CLUSTER, NGINX, Duration.ofMinutes(1));
      JudgedIngresses judged = JudgedIngresses.of("here", changes, NGINX, Clock.systemUTC());
      assertEquals(
          Set.of(ObjectRef.ingress("shop", "a"), ObjectRef.ingress("shop", "b")),
          judged.ingresses().keySet());
      assertEquals(1, judged.others());
    }
  }

  @Test
  void read_forbidden_saysWhatIsMissing() throws Exception {
    api.fail(403, "ingresses is forbidden", request -> request.plural().equals("ingresses"));
    try (ApiServer server = server()) {
      String message =
          String.valueOf(
              assertThrows(
                      Failure.class,
                      () ->
                          ClusterSnapshot.read(
                              server, Scope.CLUSTER, NGINX, Duration.ofMillis(300)))
                  .getMessage());
      assertTrue(message.contains("cannot be read") && message.contains("ingresses"), message);
    }
  }
}
