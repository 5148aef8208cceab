package io.isoline.controlplane.peers;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The address of a client, as it is logged. */
public final class RemoteAddress {
  private RemoteAddress() {}

  /** The IP address and the port, without a look-up of names. */
  public static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }
}
