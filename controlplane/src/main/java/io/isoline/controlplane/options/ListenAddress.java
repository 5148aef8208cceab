package io.isoline.controlplane.options;

import io.isoline.controlplane.terminal.Failure;
import io.isoline.envoy.Address;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Where something is to listen, as an option says. */
public final class ListenAddress {

  private ListenAddress() {}

  /**
   * Reads {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @param option begins the message when it is none
   */
  public static InetSocketAddress parse(String option, String text) throws Failure {
    try {
      if (Address.parse(text) instanceof Address.Socket(String host, int port)) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
          throw new Failure(option + ": there is no host " + host);
        }
        return address;
      }
      throw new Failure(option + ": expected HOST:PORT or [IPV6]:PORT, not a Unix socket");
    } catch (IllegalArgumentException e) {
      throw new Failure(option + ": " + e.getMessage(), e);
    }
  }

  /** What to say when it cannot be listened on. */
  public static Failure taken(String option, String text, IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new Failure(
        "%s: %s cannot be listened on: %s".formatted(option, text, cause.getMessage()), e);
  }
}
