package io.isoline.controlplane.envoy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for programs that have to be told one. */
public final class Ports {

  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;

  private Ports() {}

  /**
   * A port on which nothing listens at the moment. It is none of those that Linux gives to whoever
   * asks for any, so that neither another test nor a connection takes it before it is used.
   */
  public static int free() {
    for (int tries = 0; tries < 1000; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // It is in use.
      }
    }
    throw new IllegalStateException("no port of " + FIRST + " to " + LAST + " is free");
  }
}
