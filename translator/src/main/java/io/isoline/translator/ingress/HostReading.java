package io.isoline.translator.ingress;

import io.isoline.translator.model.Host;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a host of a rule or of a TLS entry.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/">IngressRule.host</a>
 */
sealed interface HostReading {

  /**
   * The host can be used.
   *
   * @param difference in what it is not as the API wants it, null when it is
   */
  record Usable(Host host, @Nullable String difference) implements HostReading {}

  /** The host can't be used: why, and what to do. */
  record Unusable(String message, String fix) implements HostReading {}

  Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");
  Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  static HostReading of(@Nullable String host) {
    if (host == null || host.isEmpty()) {
      return new Usable(Host.ANY, null);
    }
    if (host.equals("*")) {
      return new Unusable(
          "host \"*\" is not allowed", "leave host out for all hosts, or write *.example.com");
    }
    String lower = host.toLowerCase(Locale.ROOT);
    String name = lower.startsWith("*.") ? lower.substring(2) : lower;
    if (name.length() > 253
        || IPV4.matcher(name).matches()
        || !NAME.matcher(name).matches()) {
      return HostMistake.of(host);
    }
    return new Usable(
        new Host(lower),
        lower.equals(host)
            ? null
            : "host \"" + host + "\" has upper-case letters, which the API server refuses");
  }
}
