package io.isoline.translator.backend;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which names a Service of type ExternalName may lead to. Whoever may write a Service must
 * not reach by it what the proxy can reach and they can't: its own loopback, the metadata server of
 * a cloud, or Services of other namespaces.
 */
public final class ExternalNames {

  private static final Pattern DNS_NAME =
      Pattern.compile("([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

  /**
   * Domains that no public name is below: what RFC 6761 and RFC 6762 (appendix G) reserve or know in
   * private use, what ICANN keeps for it, and RFC 8375.
   */
  private static final List<String> INTERNAL_SUFFIXES =
      List.of(
          "localhost",
          "localdomain",
          "local",
          "svc",
          "internal",
          "intranet",
          "private",
          "corp",
          "home",
          "lan",
          "home.arpa",
          "in-addr.arpa",
          "ip6.arpa");

  /** Domains that RFC 6761 reserves besides, which nobody can own. */
  private static final List<String> RESERVED_SUFFIXES = List.of("test", "example", "invalid");

  /** Names of metadata servers of clouds that look like public ones. */
  private static final List<String> METADATA_SERVERS =
      List.of(
          "metadata.goog",
          "metadata.tencentyun.com",
          "metadata.platformequinix.com",
          "metadata.packet.net");

  private ExternalNames() {}

  /** The name in lower case without a dot at its end. */
  static String normalized(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Why a normalised name must not be used; null when it may. */
  static @Nullable String objection(String name, String clusterDomain) {
    if (!name.contains(".")) {
      return "it has no dot, so it would mean a name inside the cluster or this machine";
    }
    for (String suffix : INTERNAL_SUFFIXES) {
      if (isBelow(name, suffix)) {
        return "names below ." + suffix + " are inside the cluster, its network or this machine";
      }
    }
    for (String server : METADATA_SERVERS) {
      if (isBelow(name, server)) {
        return "it is the metadata server of a cloud";
      }
    }
    if (isBelow(name, clusterDomain)) {
      return "names below ." + clusterDomain + " are inside the cluster";
    }
    if (name.length() > 253 || !DNS_NAME.matcher(name).matches()) {
      return "it is an IP address or not a DNS name";
    }
    return null;
  }

  /**
   * Whether a name is one that no public authority certifies: of the cluster, of its network or of
   * this machine.
   */
  public static boolean isInternal(String name) {
    String normalized = normalized(name);
    return !normalized.contains(".")
        || normalized.contains(".svc.")
        || INTERNAL_SUFFIXES.stream().anyMatch(suffix -> isBelow(normalized, suffix))
        || RESERVED_SUFFIXES.stream().anyMatch(suffix -> isBelow(normalized, suffix));
  }

  private static boolean isBelow(String name, String suffix) {
    return name.equals(suffix) || name.endsWith("." + suffix);
  }
}
