package io.isoline.bench;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.tls.ServerCertificate;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects of hosts with one path each, whose backends are on loopback. */
final class LocalObjects {

  private static final String NAMESPACE = "bench";

  private LocalObjects() {}

  static String host(int i) {
    return "h" + i + ".bench.example.com";
  }

  static Change service(String name) {
    return new Change.Upsert(
        new ServiceRecord(
            ObjectRef.service(NAMESPACE, name),
            null,
            List.of(),
            List.of(new ServiceRecord.Port("http", 80, "TCP", null))));
  }

  /** The one endpoint of a Service. */
  static Change endpoints(String service, int port) {
    return new Change.Upsert(
        new EndpointSliceRecord(
            ObjectRef.endpointSlice(NAMESPACE, service + "-1"),
            service,
            "IPv4",
            List.of(new EndpointSliceRecord.Port("http", port, "TCP")),
            List.of(new EndpointSliceRecord.Endpoint(List.of("127.0.0.1"), true, true, false))));
  }

  static Change secret(String name, ServerCertificate.Valid certificate) {
    return new Change.Upsert(
        new SecretRecord(
            ObjectRef.secret(NAMESPACE, name),
            "kubernetes.io/tls",
            certificate.chain(),
            certificate.key()));
  }

  /**
   * The Ingress of a host.
   *
   * @param secret that of its certificate; null for a host without TLS
   */
  static Change ingress(int i, String service, @Nullable String secret) {
    IngressRecord.Backend backend =
        new IngressRecord.Backend(new IngressRecord.ServiceBackend(service, "http", null), null);
    return new Change.Upsert(
        new IngressRecord(
            ObjectRef.ingress(NAMESPACE, "i" + i),
            new Age(Instant.EPOCH, 0),
            "isoline",
            new TreeMap<>(),
            null,
            secret == null ? List.of() : List.of(new IngressRecord.Tls(List.of(host(i)), secret)),
            List.of(
                new IngressRecord.Rule(
                    host(i), List.of(new IngressRecord.Path("/", "Prefix", backend))))));
  }

  static Change noIngress(int i) {
    return new Change.Delete(ObjectRef.ingress(NAMESPACE, "i" + i));
  }
}
