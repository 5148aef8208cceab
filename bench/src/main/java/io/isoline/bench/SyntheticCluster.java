package io.isoline.bench;

import io.isoline.translator.Change;
import io.isoline.translator.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster of N hosts: each has an Ingress with three paths, a Service of its own with two
 * endpoints, and, for one in ten, a TLS Secret of its own.
 */
record SyntheticCluster(int hosts, ServerCertificate.Valid certificate) {

  private static final int HOSTS_PER_SECRET = 10;

  List<Change> all() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      changes.add(ingress(i, "svc-" + i));
      changes.add(BenchObjects.service("svc-" + i));
      changes.add(endpoints(i, 1));
      if (i % HOSTS_PER_SECRET == 0) {
        changes.add(secret(i, certificate));
      }
    }
    return changes;
  }

  Change ingress(int i, String service) {
    return BenchObjects.ingress(
        i,
        i % HOSTS_PER_SECRET == 0 ? "tls-" + i : null,
        List.of(
            BenchObjects.path("/", "Prefix", service),
            BenchObjects.path("/api", "Prefix", service),
            BenchObjects.path("/login", "Exact", service)));
  }

  Change endpoints(int i, int generation) {
    return BenchObjects.endpoints(
        "svc-" + i, 8080, List.of("10.0.0." + generation, "10.0.1." + generation));
  }

  Change secret(int i, ServerCertificate.Valid renewed) {
    return BenchObjects.secret("tls-" + i, renewed);
  }
}
