package io.isoline.controlplane.migrate.config;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.migrate.config.KeyVerdict.Outcome;
import io.isoline.translator.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns tcp-services and udp-services into {@code ports.tcp} and {@code ports.udp}. */
final class PortServices {

  /** Of nginx itself, unless it was started otherwise: it skips them, whichever the transport. */
  private static final Set<String> OF_NGINX = Set.of("80", "443");

  private static final Settings BASE = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);

  private final List<KeyVerdict> verdicts = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, List<String>> lines = new TreeMap<>();

  /** Enters the ports of a ConfigMap. */
  void add(NginxConfigMap map) {
    String path = path(map.name());
    map.data()
        .forEach(
            (port, entry) ->
                verdicts.add(
                    path == null ? ofNone(map, port, entry) : add(map, path, port, entry)));
  }

  List<KeyVerdict> verdicts() {
    return List.copyOf(verdicts);
  }

  /** Writes what there is. */
  void write(Draft draft) {
    lines.forEach((path, list) -> draft.put(Map.of(path, yaml(list)), "", true));
  }

  /** Of what a ConfigMap is; null when its name does not say so. */
  private static @Nullable String path(String configMap) {
    String name = configMap.toLowerCase(Locale.ROOT);
    String last = name.substring(name.lastIndexOf('/') + 1);
    boolean tcp = last.contains("tcp");
    return tcp == last.contains("udp") ? null : tcp ? "ports.tcp" : "ports.udp";
  }

  private static KeyVerdict ofNone(NginxConfigMap map, String port, NginxConfigMap.Entry entry) {
    return verdict(
        map,
        port,
        entry,
        Outcome.NO_COUNTERPART,
        "neither tcp nor udp is in the name of the ConfigMap",
        "call it tcp-services or udp-services, or write '%s=%s' to ports.tcp or ports.udp"
            .formatted(port, entry.value().strip()));
  }

  private KeyVerdict add(
      NginxConfigMap map, String path, String port, NginxConfigMap.Entry entry) {
    if (OF_NGINX.contains(port)) {
      return verdict(
          map,
          port,
          entry,
          Outcome.INVALID,
          "ingress-nginx has port " + port + " for HTTP itself, and skips this",
          "choose another port, or leave it out");
    }
    boolean tcp = path.equals("ports.tcp");
    // As ingress-nginx reads it: it looks at two words behind the Service, and for TCP only.
    String[] parts = entry.value().strip().split(":", -1);
    boolean reads = tcp && parts.length > 2 && parts[2].equalsIgnoreCase("PROXY");
    boolean writes = tcp && parts.length == 4 && parts[3].equalsIgnoreCase("PROXY");
    String proxy = (reads ? ":PROXY" : writes ? ":" : "") + (writes ? ":PROXY" : "");
    String line =
        parts.length < 2 ? "" : port + "=" + parts[0].strip() + ":" + parts[1].strip() + proxy;
    if (!isGood(path, line)) {
      return isGood("ports.udp", line.replaceFirst(":*(:PROXY)*$", ""))
          ? verdict(
              map,
              port,
              entry,
              Outcome.NO_COUNTERPART,
              "HTTP has port " + port + " where Envoy listens",
              "give http.port or https.port another number, with Helm by envoy.containerPorts, and"
                  + " then write '"
                  + line
                  + "' to ports.tcp")
          : verdict(
              map,
              port,
              entry,
              Outcome.INVALID,
              "it is not PORT: NAMESPACE/SERVICE:PORT; ingress-nginx skips it",
              "correct it, or leave it out");
    }
    if (!taken.add(path + " " + Integer.parseInt(port))) {
      return verdict(
          map,
          port,
          entry,
          Outcome.INVALID,
          "port " + port + " is there twice, and the first counts",
          "leave one of them out");
    }
    lines.computeIfAbsent(path, any -> new ArrayList<>()).add(line);
    return verdict(
        map,
        port,
        entry,
        Outcome.TAKEN_OVER,
        "as %s: '%s'%s%s"
            .formatted(
                path,
                line,
                reads ? "; each connection begins with a PROXY header" : "",
                writes ? "; the backend gets a PROXY header of version 1" : ""),
        "");
  }

  private static KeyVerdict verdict(
      NginxConfigMap map,
      String port,
      NginxConfigMap.Entry entry,
      Outcome outcome,
      String message,
      String fix) {
    return new KeyVerdict(
        map.name(), port, entry.value(), entry.place(), outcome, message, fix);
  }

  /** Whether our file takes it. */
  private static boolean isGood(String path, String line) {
    Draft alone = new Draft();
    alone.put(Map.of(path, yaml(List.of(line))), "", true);
    return ConfigurationFile.read(alone.text(""), "", BASE) instanceof ConfigurationFile.Loaded;
  }

  private static String yaml(List<String> lines) {
    return "["
        + String.join(
            ",\n    ", lines.stream().map(line -> "'" + line.replace("'", "''") + "'").toList())
        + "]";
  }
}
