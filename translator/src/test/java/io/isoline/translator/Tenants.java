package io.isoline.translator;

import static io.isoline.translator.TestObjects.port;

import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.settings.IngressSettings.HostGrant;
import io.isoline.translator.settings.IngressSettings.Tenancy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What tests with several namespaces need. */
final class Tenants {

  private Tenants() {}

  static Settings settings(Tenancy.Hosts mode, HostGrant... grants) {
    return World.DEFAULTS.with(
        World.DEFAULTS.ingress().with(new Tenancy(mode, List.of(grants))));
  }

  static ServiceRecord service(String namespace, String name) {
    return new ServiceRecord(
        ObjectRef.service(namespace, name), null, List.of(), List.of(port("", 80)));
  }

  static SecretRecord secret(String namespace, String name, TestCertificate certificate) {
    return SecretRecord.tls(
        ObjectRef.secret(namespace, name),
        "kubernetes.io/tls",
        certificate.chain(),
        certificate.key());
  }

  /** A Namespace that is given hosts. */
  static NamespaceRecord given(String namespace, String hosts) {
    return new NamespaceRecord(
        ObjectRef.namespace(namespace), new TreeMap<>(Map.of("isoline.io/hosts", hosts)), false);
  }

  static NamespaceRecord terminating(String namespace) {
    return new NamespaceRecord(ObjectRef.namespace(namespace), new TreeMap<>(), true);
  }

  /** The Secrets that a client is shown one of that asks for a name. */
  static List<String> certificates(World world, String serverName) {
    String best = "*";
    List<String> shown = List.of();
    for (Map.Entry<String, List<String>> chain : world.certificates().entrySet()) {
      for (String domain : chain.getKey().split(",", -1)) {
        boolean fits =
            domain.equals(serverName)
                || domain.equals("*")
                || (domain.startsWith("*.") && serverName.endsWith(domain.substring(1)));
        boolean better =
            domain.equals(serverName) || (!best.equals(serverName) && domain.length() > best.length());
        if (fits && (shown.isEmpty() || better)) {
          best = domain;
          shown = chain.getValue();
        }
      }
    }
    return shown;
  }
}
