package io.isoline.controlplane.cli;

import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commands that a user can paste to see Ingresses at work.
 *
 * @param address where Envoy listens, an IP address
 * @param httpPort 0 for none
 * @param httpsPort 0 for none
 */
record SampleRequests(String address, int httpPort, int httpsPort) {

  /**
   * One request and what should answer it.
   *
   * @param command for a shell
   * @param backend the Service and its port as the Ingress names them
   */
  record Request(String command, String backend) {}

  /** One for each path of each host, and one for a default backend. */
  List<Request> of(Collection<IngressRecord> ingresses) {
    List<Request> requests = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (IngressRecord ingress : ingresses) {
      Set<String> tlsHosts = new LinkedHashSet<>();
      ingress.tls().forEach(tls -> tls.hosts().forEach(host -> tlsHosts.add(lower(host))));
      for (IngressRecord.Rule rule : ingress.rules()) {
        List<IngressRecord.Path> paths = rule.paths();
        if (paths == null) {
          continue;
        }
        for (IngressRecord.Path path : paths) {
          String host = rule.host() == null ? "" : lower(rule.host());
          add(
              requests,
              seen,
              command(host, path.path(), tlsHosts.contains(host)),
              path.backend());
        }
      }
    }
    for (IngressRecord ingress : ingresses) {
      if (ingress.defaultBackend() != null) {
        add(requests, seen, command("", "/", false), ingress.defaultBackend());
      }
    }
    return requests;
  }

  private static void add(
      List<Request> requests,
      Set<String> seen,
      String command,
      IngressRecord.@Nullable Backend backend) {
    if (backend != null && backend.service() != null && seen.add(command)) {
      requests.add(new Request(command, describe(backend.service())));
    }
  }

  private static String describe(IngressRecord.ServiceBackend service) {
    Object port = service.portName() != null ? service.portName() : service.portNumber();
    return service.name() + (port == null ? "" : ":" + port);
  }

  private String command(String host, @Nullable String path, boolean tls) {
    String concrete = host.startsWith("*.") ? "any" + host.substring(1) : host;
    String where = path == null || path.isEmpty() ? "/" : path;
    if ((tls && httpsPort != 0) || httpPort == 0) {
      String name = concrete.isEmpty() ? bracketed() : concrete;
      String resolve =
          concrete.isEmpty()
              ? ""
              : "--resolve " + quoted("%s:%d:%s".formatted(name, httpsPort, address)) + " ";
      return "curl -k " + resolve + quoted("https://" + name + ":" + httpsPort + where);
    }
    String header = concrete.isEmpty() ? "" : "-H " + quoted("Host: " + concrete) + " ";
    return "curl " + header + quoted("http://" + bracketed() + ":" + httpPort + where);
  }

  private String bracketed() {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  /** A word for a shell, whatever is in it: these texts come from files of others. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String lower(String host) {
    return host.toLowerCase(Locale.ROOT);
  }
}
