package io.isoline.bench;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.EnvoyProcess;
import io.isoline.translator.Change;
import io.isoline.translator.Settings;
import io.isoline.translator.settings.ListenerSettings;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** An engine with a real Envoy on loopback, and requests to it. */
final class Edge implements AutoCloseable {

  /** The answer for what no route leads to. */
  static final String NOT_FOUND = "404";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final int http = freePort();
  private final int https = freePort();
  private final TrustingTls tls = new TrustingTls();
  private final Engine engine;
  private final EnvoyProcess envoy;
  private final long start;

  /** The same, where endpoints may be on this machine. */
  static Settings onThisMachine(Settings settings) {
    return settings.with(settings.services().allowingLoopbackEndpoints(true));
  }

  /** Starts both; Envoy when the engine has all objects. */
  Edge(EnvoyBinary binary, List<Change> objects, EngineListener listener) throws Exception {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings defaults = Settings.defaults(certificate.chain(), certificate.key());
    Settings settings =
        onThisMachine(defaults)
            .with(
                defaults
                    .listeners()
                    .withHttp(new ListenerSettings.Place("127.0.0.1", http, 0, false))
                    .withHttps(new ListenerSettings.Place("127.0.0.1", https, 0, false)));
    engine =
        Engine.start(
            settings, XdsServer.Options.defaults(loopback(0)), listener, Clock.systemUTC());
    engine.submit(objects);
    engine.loaded();
    engine.verdicts().get();
    start = System.nanoTime();
    envoy =
        EnvoyProcess.start(
            binary,
            directory ->
                Bootstrap.of(
                    BootstrapOptions.builder(
                            new Address.Socket("127.0.0.1", engine.port()),
                            EnvoyProcess.adminSocket(directory))
                        .nodeId("bench")
                        .build()),
            EnvoyProcess.Options.logging(line -> {}).withConcurrency(2).withLogLevel("error"));
  }

  Engine engine() {
    return engine;
  }

  /** The port for plain HTTP, on loopback. */
  int httpPort() {
    return http;
  }

  /** Milliseconds since Envoy was started. */
  double sinceStart() {
    return (System.nanoTime() - start) / 1e6;
  }

  /** Answers beside Envoy who may pass by a password. */
  CredentialsServer credentials() throws IOException, EnvoyException {
    return CredentialsServer.start(
        Objects.requireNonNull(CredentialsSocket.beside(envoy.admin().address())));
  }

  /** The CPU time of Envoy so far. */
  Duration cpu() {
    return ProcessHandle.of(envoy.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
  }

  /** The resident memory of Envoy. */
  double residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + envoy.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    return Double.NaN;
  }

  /** Returns when a request for the host is answered so. */
  void await(String host, boolean secured, String answer) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!ask(host, secured).equals(answer)) {
      if (System.nanoTime() > end) {
        throw new IOException(host + " is not answered by " + answer + " within " + LIMIT);
      }
      Thread.sleep(Duration.ofNanos(200_000));
    }
  }

  /**
   * Sends one request on a connection of its own.
   *
   * @return the letter of the backend, the status if it is not 200, or what went wrong
   */
  String ask(String host, boolean secured) {
    try (Socket plain = new Socket()) {
      plain.connect(loopback(secured ? https : http), 1_000);
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(10_000);
      Socket socket = secured ? tls.over(plain, host) : plain;
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return answer(socket.getInputStream());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Envoy leaves connections open for a second, so the end of the body is not awaited. */
  private static String answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "no answer";
      }
      head.append((char) next);
    }
    return head.indexOf("HTTP/1.1 200") == 0
        ? Character.toString(in.read())
        : head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
  }

  @Override
  public void close() {
    envoy.close();
    engine.close();
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
