package io.isoline.controlplane.envoy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.peers.TlsFiles;
import io.isoline.envoy.Address;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.envoy.EnvoyAdmin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A running Envoy, wherever it runs; it listens on the loopback addresses of this machine. */
abstract class EnvoyUnderTest implements AutoCloseable {

  private static final Pattern VERSION =
      Pattern.compile("\"version\": *\"[^/\"]*/([^/\"]*)/[^\"]*\"");

  @GuardedBy("itself")
  private final List<String> output = new ArrayList<>();

  /**
   * The control plane and the variant of xDS that an Envoy is to speak.
   *
   * @param tls the files for mutual TLS, or null; only a process of this machine can read them
   */
  record Wiring(
      Address xds,
      io.isoline.envoy.XdsProtocol protocol,
      String nodeId,
      @Nullable TlsFiles tls) {}

  abstract EnvoyAdmin admin();

  /** Where it asks who may pass: a socket of this machine, which no container reaches. */
  final Path credentialsSocket() {
    return Objects.requireNonNull(CredentialsSocket.beside(admin().address()));
  }

  @Override
  public abstract void close();

  /** Takes a line that Envoy printed. */
  void print(String line) {
    synchronized (output) {
      output.add(line);
    }
  }

  /** What Envoy printed so far: its log, and access logs that go to {@code /dev/stdout}. */
  List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  String get(String path) throws IOException {
    return admin().get(path).body();
  }

  String version() throws IOException {
    Matcher version = VERSION.matcher(get("/server_info"));
    return version.find() ? version.group(1) : "of unknown version";
  }

  /** Statistics are made when they are first counted, so one that is not there is 0. */
  long counter(String name) throws IOException {
    for (String line : get("/stats").lines().toList()) {
      if (line.startsWith(name + ": ")) {
        return Long.parseLong(line.substring(name.length() + 2));
      }
    }
    return 0;
  }

  /** Whether Envoy has anything that it got and does not use yet. */
  boolean isWarming() throws IOException {
    String config = get("/config_dump");
    return config.contains("\"warming_state\"")
        || config.contains("\"dynamic_warming_clusters\"")
        || config.contains("\"dynamic_warming_secrets\"");
  }
}
