package io.isoline.bench;

import com.google.protobuf.ByteString;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects that benchmarks are made of. */
final class BenchObjects {

  private static final String NAMESPACE = "bench";

  private BenchObjects() {}

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

  /** A Service and its endpoint on loopback. */
  static List<Change> backend(String service, int port) {
    return List.of(service(service), endpoints(service, port));
  }

  /** The one endpoint of a Service, on loopback. */
  static Change endpoints(String service, int port) {
    return endpoints(service, port, List.of("127.0.0.1"));
  }

  static Change endpoints(String service, int port, List<String> addresses) {
    return new Change.Upsert(
        new EndpointSliceRecord(
            ObjectRef.endpointSlice(NAMESPACE, service + "-1"),
            service,
            "IPv4",
            List.of(new EndpointSliceRecord.Port("http", port, "TCP")),
            addresses.stream()
                .map(
                    address ->
                        new EndpointSliceRecord.Endpoint(List.of(address), true, true, false))
                .toList()));
  }

  static Change secret(String name, ServerCertificate.Valid certificate) {
    return new Change.Upsert(
        SecretRecord.tls(
            ObjectRef.secret(NAMESPACE, name),
            "kubernetes.io/tls",
            certificate.chain(),
            certificate.key()));
  }

  /**
   * The Ingress of a host, with one path.
   *
   * @param secret that of its certificate; null for a host without TLS
   */
  static Change ingress(int i, String service, @Nullable String secret) {
    return ingress(i, secret, List.of(path("/", "Prefix", service)));
  }

  static IngressRecord.Path path(String path, String type, String service) {
    return new IngressRecord.Path(
        path,
        type,
        new IngressRecord.Backend(new IngressRecord.ServiceBackend(service, "http", null), null));
  }

  static Change ingress(int i, @Nullable String secret, List<IngressRecord.Path> paths) {
    return ingress(i, host(i), secret, paths);
  }

  /**
   * The Ingress of any host.
   *
   * @param host null for a rule without one
   */
  static Change ingress(
      int i, @Nullable String host, @Nullable String secret, List<IngressRecord.Path> paths) {
    return new Change.Upsert(
        new IngressRecord(
            ObjectRef.ingress(NAMESPACE, "i" + i),
            new Age(Instant.EPOCH, 0),
            "isoline",
            new TreeMap<>(),
            null,
            secret == null || host == null
                ? List.of()
                : List.of(new IngressRecord.Tls(List.of(host), secret)),
            List.of(new IngressRecord.Rule(host, paths))));
  }

  /** The Ingress of a host with annotations, by their keys under {@code isoline.io/}. */
  static Change annotated(int i, String service, Map<String, String> annotations) {
    SortedMap<String, String> named = new TreeMap<>();
    annotations.forEach((key, value) -> named.put("isoline.io/" + key, value));
    return new Change.Upsert(
        new IngressRecord(
            ObjectRef.ingress(NAMESPACE, "i" + i),
            new Age(Instant.EPOCH, 0),
            "isoline",
            named,
            null,
            List.of(),
            List.of(
                new IngressRecord.Rule(host(i), List.of(path("/", "Prefix", service))))));
  }

  /** A Secret with a list of users. */
  static Change users(String name, String lines) {
    return new Change.Upsert(
        new SecretRecord(
            ObjectRef.secret(NAMESPACE, name),
            "Opaque",
            new TreeMap<>(Map.of("auth", ByteString.copyFromUtf8(lines)))));
  }

  static Change noIngress(int i) {
    return new Change.Delete(ObjectRef.ingress(NAMESPACE, "i" + i));
  }
}
