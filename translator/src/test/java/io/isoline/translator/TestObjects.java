package io.isoline.translator;

import com.google.protobuf.ByteString;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.EndpointSliceRecord.Endpoint;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects of the namespace {@code default}, in as few words as a test needs. */
public final class TestObjects {

  private TestObjects() {}

  public static ServiceRecord service(String name, ServiceRecord.Port... ports) {
    return new ServiceRecord(
        ObjectRef.service("default", name), null, List.of(), List.of(ports));
  }

  /** With one nameless port. */
  public static ServiceRecord service(String name, int port) {
    return service(name, port("", port));
  }

  public static ServiceRecord external(String name, String dnsName, ServiceRecord.Port... ports) {
    return new ServiceRecord(
        ObjectRef.service("default", name), dnsName, List.of(), List.of(ports));
  }

  public static ServiceRecord.Port port(String name, int number) {
    return port(name, number, null);
  }

  public static ServiceRecord.Port port(String name, int number, @Nullable String appProtocol) {
    return new ServiceRecord.Port(name, number, "TCP", appProtocol);
  }

  /** An IPv4 slice called {@code <service>-1} with ready endpoints on a nameless port. */
  public static EndpointSliceRecord slice(String service, int port, String... addresses) {
    return slice(service + "-1", service, "IPv4", "", port, ready(addresses));
  }

  public static EndpointSliceRecord slice(
      String name,
      String service,
      String addressType,
      String portName,
      @Nullable Integer port,
      List<Endpoint> endpoints) {
    return new EndpointSliceRecord(
        ObjectRef.endpointSlice("default", name),
        service,
        addressType,
        List.of(new EndpointSliceRecord.Port(portName, port, "TCP")),
        endpoints);
  }

  public static List<Endpoint> ready(String... addresses) {
    return Stream.of(addresses).map(a -> new Endpoint(List.of(a), true, true, false)).toList();
  }

  public static Endpoint draining(String address) {
    return new Endpoint(List.of(address), false, true, true);
  }

  public static Endpoint dead(String address) {
    return new Endpoint(List.of(address), false, false, true);
  }

  public static Endpoint starting(String address) {
    return new Endpoint(List.of(address), false, false, false);
  }

  public static IngressClassRecord ingressClass(
      String name, @Nullable String controller, boolean isDefault) {
    return new IngressClassRecord(
        ObjectRef.ingressClass(name), new Age(null, 0), controller, isDefault, false);
  }

  /** One of {@code default}; keys and values take turns. */
  public static ConfigMapRecord configMap(String name, String... keysAndValues) {
    SortedMap<String, String> data = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      data.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return ConfigMapRecord.of(ObjectRef.configMap("default", name), data);
  }

  public static SecretRecord secret(String name, TestCertificate certificate) {
    return secret(name, certificate.chain(), certificate.key());
  }

  public static SecretRecord secret(
      String name, @Nullable ByteString certificate, @Nullable ByteString key) {
    return SecretRecord.tls(
        ObjectRef.secret("default", name), "kubernetes.io/tls", certificate, key);
  }
}
