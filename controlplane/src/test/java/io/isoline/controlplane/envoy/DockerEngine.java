package io.isoline.controlplane.envoy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, if there is one. */
public final class DockerEngine {

  private static final String DEFAULT_SOCKET = "/var/run/docker.sock";

  private DockerEngine() {}

  /** Why containers cannot be run by Testcontainers; null when they can. */
  public static @Nullable String problem() {
    return problem(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /**
   * The same for other variables and another home, as far as what is configured depends on them. Asks
   * Testcontainers only where an engine is configured, as it searches long and logs much where there
   * is none.
   */
  static @Nullable String problem(Map<String, String> variables, Path home) {
    String host = variables.get("DOCKER_HOST");
    boolean configured =
        host != null
            || Files.exists(Path.of(DEFAULT_SOCKET))
            || Files.exists(home.resolve(".testcontainers.properties"))
            || Files.exists(
                Path.of(variables.getOrDefault("XDG_RUNTIME_DIR", "/nonexistent"), "docker.sock"));
    if (!configured) {
      return "DOCKER_HOST is not set, and there is no " + DEFAULT_SOCKET;
    }
    // Its own search tells in its log alone that nobody listens.
    String unreachable = host == null ? null : unreachable(host);
    if (unreachable != null) {
      return unreachable;
    }
    try {
      DockerClientFactory.instance().client();
      return null;
    } catch (RuntimeException | LinkageError e) {
      return "Testcontainers says: " + reason(e);
    }
  }

  /** Why nobody answers at a value of DOCKER_HOST; null when somebody does, or it is of no known form. */
  static @Nullable String unreachable(String host) {
    URI uri = URI.create(host);
    SocketAddress address =
        switch (String.valueOf(uri.getScheme())) {
          case "unix" -> UnixDomainSocketAddress.of(uri.getPath());
          case "tcp" -> new InetSocketAddress(uri.getHost(), uri.getPort());
          default -> null;
        };
    if (address == null) {
      return null;
    }
    try (SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open()) {
      channel.connect(address);
      return null;
    } catch (IOException | RuntimeException e) {
      return "DOCKER_HOST is %s, and nobody answers there: %s".formatted(host, reason(e));
    }
  }

  /** The messages of a failure and of its causes, each once. */
  static String reason(Throwable failure) {
    Set<String> messages = new LinkedHashSet<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      messages.add(message == null ? cause.getClass().getSimpleName() : message.strip());
    }
    return String.join(": ", messages);
  }
}
