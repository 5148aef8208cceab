package io.isoline.controlplane.migrate.config;

import io.isoline.controlplane.migrate.config.KeyVerdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what tcp-services and udp-services ask for; Isoline has no listeners for them. */
final class PortServices {

  private static final Pattern VALUE =
      Pattern.compile("([^/:\\s]+)/([^/:\\s]+):([^/:\\s]+)((?::(?:PROXY)?){0,2})");

  private PortServices() {}

  static List<KeyVerdict> verdicts(NginxConfigMap map) {
    String name = map.name().toLowerCase(Locale.ROOT);
    String protocol = name.contains("udp") ? "UDP" : name.contains("tcp") ? "TCP" : "TCP or UDP";
    String routes =
        switch (protocol) {
          case "UDP" -> "UDPRoute";
          case "TCP" -> "TCPRoute";
          default -> "TCPRoute and UDPRoute";
        };
    List<KeyVerdict> verdicts = new ArrayList<>();
    map.data()
        .forEach(
            (port, entry) -> {
              Matcher value = VALUE.matcher(entry.value().strip());
              boolean valid = value.matches() && isPort(port);
              verdicts.add(
                  new KeyVerdict(
                      map.name(),
                      port,
                      entry.value(),
                      entry.place(),
                      valid ? Outcome.NO_COUNTERPART : Outcome.INVALID,
                      valid
                          ? "it asks that %s to port %s goes to Service %s/%s, port %s%s; Isoline"
                                  .formatted(
                                      protocol,
                                      port,
                                      value.group(1),
                                      value.group(2),
                                      value.group(3),
                                      proxy(value.group(4)))
                              + " has listeners for HTTP and HTTPS only"
                          : "it is not PORT: NAMESPACE/SERVICE:PORT",
                      valid
                          ? "give that Service the type LoadBalancer or NodePort; listeners for it"
                              + " come with "
                              + routes
                              + " of Gateway API"
                          : "correct it, or leave it out"));
            });
    return verdicts;
  }

  private static boolean isPort(String port) {
    int number = Integer.parseInt(port);
    return number >= 1 && number <= 65_535;
  }

  private static String proxy(String flags) {
    return flags.contains("PROXY") ? ", with the PROXY protocol" : "";
  }
}
