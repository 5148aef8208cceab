package io.isoline.bench;

import com.google.protobuf.ByteString;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A cluster of N hosts: each has an Ingress with three paths, a Service of its own with two
 * endpoints, and, for one in ten, a TLS Secret of its own.
 */
final class SyntheticCluster {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final int HOSTS_PER_SECRET = 10;

  private final int hosts;
  private final ByteString certificate;
  private final ByteString privateKey;

  SyntheticCluster(int hosts, ByteString certificate, ByteString privateKey) {
    this.hosts = hosts;
    this.certificate = certificate;
    this.privateKey = privateKey;
  }

  List<Change> all() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      changes.add(ingress(i, "svc-" + i));
      changes.add(
          new Change.Upsert(
              new ServiceRecord(
                  ObjectRef.service("bench", "svc-" + i),
                  null,
                  List.of(),
                  List.of(new ServiceRecord.Port("http", 80, "TCP", null)))));
      changes.add(endpoints(i, 1));
      if (i % HOSTS_PER_SECRET == 0) {
        changes.add(secret(i, certificate, privateKey));
      }
    }
    return changes;
  }

  Change ingress(int i, String service) {
    IngressRecord.Backend backend =
        new IngressRecord.Backend(new IngressRecord.ServiceBackend(service, "http", null), null);
    return new Change.Upsert(
        new IngressRecord(
            ObjectRef.ingress("bench", "ing-" + i),
            new Age(CREATED, 0),
            "isoline",
            new TreeMap<>(),
            null,
            i % HOSTS_PER_SECRET == 0
                ? List.of(new IngressRecord.Tls(List.of(host(i)), "tls-" + i))
                : List.of(),
            List.of(
                new IngressRecord.Rule(
                    host(i),
                    List.of(
                        new IngressRecord.Path("/", "Prefix", backend),
                        new IngressRecord.Path("/api", "Prefix", backend),
                        new IngressRecord.Path("/login", "Exact", backend))))));
  }

  Change endpoints(int i, int generation) {
    return new Change.Upsert(
        new EndpointSliceRecord(
            ObjectRef.endpointSlice("bench", "svc-" + i + "-1"),
            "svc-" + i,
            "IPv4",
            List.of(new EndpointSliceRecord.Port("http", 8080, "TCP")),
            List.of(endpoint("10.0.0." + generation), endpoint("10.0.1." + generation))));
  }

  Change secret(int i, ByteString chain, ByteString key) {
    return new Change.Upsert(
        new SecretRecord(ObjectRef.secret("bench", "tls-" + i), "kubernetes.io/tls", chain, key));
  }

  private static EndpointSliceRecord.Endpoint endpoint(String address) {
    return new EndpointSliceRecord.Endpoint(List.of(address), true, true, false);
  }

  static String host(int i) {
    return "h" + i + ".bench.example.com";
  }
}
