package io.isoline.controlplane.replicas;

import org.jspecify.annotations.Nullable;

/**
 * A replica, and where the others reach its xDS port. The text form is the {@code holderIdentity}
 * of the Lease, {@code isoline-0@10.1.2.3:18000}, so that whoever sees who leads knows where that
 * is.
 *
 * @param name of its own; without an {@code @}
 * @param host an IP address or a host name
 * @param port 1 to 65535
 */
public record ReplicaAddress(String name, String host, int port) {

  /** Reads the text form; null when it is something else, as of another program. */
  public static @Nullable ReplicaAddress parse(@Nullable String text) {
    int at = text == null ? -1 : text.lastIndexOf('@');
    int colon = text == null ? -1 : text.lastIndexOf(':');
    if (text == null || at < 1 || colon < at + 2) {
      return null;
    }
    String host = text.substring(at + 1, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(text, colon + 1, text.length(), 10);
      return host.isEmpty() || port < 1 || port > 65535
          ? null
          : new ReplicaAddress(text.substring(0, at), host, port);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The text form. */
  @Override
  public String toString() {
    return name + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
