package io.isoline.controlplane.runs;

import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.text.IpAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The ports that Envoy is to listen on, known to be free a moment ago.
 *
 * @param http 1 to 65535
 * @param https 1 to 65535
 */
record ListenPorts(int http, int https) {

  /**
   * Tries both ports, and takes any free one for 0.
   *
   * @throws Failure when one cannot be had, with the way out
   */
  static ListenPorts choose(String address, int http, int https) throws Failure {
    if (http != 0 && http == https) {
      throw new Failure(
          "--http-port and --https-port are both " + http + ": they must be different");
    }
    InetAddress host = resolve(address);
    try (ServerSocket first = open(host, http, "--http-port");
        ServerSocket second = open(host, https, "--https-port")) {
      return new ListenPorts(first.getLocalPort(), second.getLocalPort());
    } catch (IOException e) {
      throw new Failure("a port cannot be tried: " + e.getMessage(), e);
    }
  }

  private static InetAddress resolve(String address) throws Failure {
    InetAddress host = IpAddress.parse(address);
    if (host == null) {
      throw new Failure("--address: \"" + address + "\" is not an IP address");
    }
    return host;
  }

  private static ServerSocket open(InetAddress host, int port, String option) throws Failure {
    if (port < 0 || port > 65535) {
      throw new Failure(option + ": a port is a number from 0 to 65535, not " + port);
    }
    ServerSocket socket = null;
    try {
      socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return socket;
    } catch (BindException e) {
      closeQuietly(socket);
      throw new Failure(explain(host, port, option, e), e);
    } catch (IOException e) {
      closeQuietly(socket);
      throw new Failure(option + " " + port + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static void closeQuietly(@Nullable ServerSocket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // It was never used.
      }
    }
  }

  private static String explain(InetAddress host, int port, String option, BindException e) {
    String reason = String.valueOf(e.getMessage());
    String words = reason.toLowerCase(Locale.ROOT);
    String address = host.getHostAddress();
    if (words.contains("permission")) {
      return "port %d needs root: choose one from 1024 on, as in %s 8080".formatted(port, option);
    }
    if (words.contains("assign")) {
      return "--address: this machine has no address " + address;
    }
    return "port %d of %s is in use: stop what listens there, or take a free one with %s 0"
        .formatted(port, address, option);
  }
}
