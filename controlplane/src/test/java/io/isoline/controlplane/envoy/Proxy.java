package io.isoline.controlplane.envoy;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Delivery;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.engine.Rejection;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.peers.TlsFiles;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A control plane with its Envoy, and the way to ask that Envoy. For one test thread. */
final class Proxy implements AutoCloseable {

  private final Settings defaults;
  private final EnvoyUnderTest envoy;
  private final Events events = new Events();
  private final List<Rejection> rejections = new CopyOnWriteArrayList<>();

  private final int xdsPort;
  private final @Nullable PeerTls tls;

  private Engine engine;
  private Settings settings;
  private Manifests manifests = new ManifestReader().readText("none", "");

  private Proxy(
      EnvoyLauncher launcher,
      XdsProtocol protocol,
      @Nullable PeerTls tls,
      @Nullable TlsFiles envoyFiles)
      throws IOException, EnvoyException, InterruptedException {
    this.tls = tls;
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    int http = Ports.free();
    int https = Ports.free();
    Settings all = Settings.defaults(certificate.chain(), certificate.key());
    defaults = Configured.with(
        all,
        "http: {address: 127.0.0.1, port: " + http + "}",
        "https: {address: 127.0.0.1, port: " + https + "}",
        "allowLoopbackEndpoints: true");
    settings = defaults;
    engine = startEngine(0);
    xdsPort = engine.port();
    engine.loaded();
    try {
      envoy =
          launcher.launch(
              new EnvoyUnderTest.Wiring(
                  new Address.Socket("127.0.0.1", xdsPort), protocol, "test", envoyFiles));
    } catch (EnvoyException | InterruptedException | RuntimeException | AssertionError e) {
      engine.close();
      throw e;
    }
  }

  /** Returns when Envoy is ready, with no object applied. */
  static Proxy start(EnvoyLauncher launcher, XdsProtocol protocol)
      throws IOException, EnvoyException, InterruptedException {
    return new Proxy(launcher, protocol, null, null);
  }

  /** The same over mutual TLS, with an Envoy that is a process of this machine. */
  static Proxy startTls(XdsProtocol protocol, TlsFiles server, TlsFiles envoy)
      throws IOException, EnvoyException, InterruptedException, TlsFiles.Unusable {
    PeerTls tls = PeerTls.open(server);
    try {
      return new Proxy(EnvoyLauncher.choose("native"), protocol, tls, envoy);
    } catch (IOException | EnvoyException | InterruptedException | RuntimeException e) {
      tls.close();
      throw e;
    }
  }

  private Engine startEngine(int port) throws IOException {
    return Engine.start(
        settings,
        XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .withTls(tls),
        events,
        Clock.systemUTC());
  }

  EnvoyUnderTest envoy() {
    return envoy;
  }

  int xdsPort() {
    return xdsPort;
  }

  /** How often an Envoy has opened a stream. */
  int connections() {
    return events.connections.get();
  }

  int httpPort() {
    return settings.listeners().http().port();
  }

  int httpsPort() {
    return settings.listeners().https().port();
  }

  /** What Envoy refused since the test began. */
  List<Rejection> rejections() {
    return rejections;
  }

  /** The settings as before the test. */
  void reset() {
    rejections.clear();
    if (!settings.equals(defaults)) {
      configure(_ -> defaults);
    }
  }

  /**
   * Makes these the only objects there are, and returns when Envoy has them in use.
   *
   * @param yaml documents, together one text
   */
  void apply(String... yaml) {
    Manifests now = new ManifestReader().readText("test.yaml", String.join("\n---\n", yaml));
    for (Verdict verdict : now.verdicts()) {
      if (verdict.outcome() == Verdict.Outcome.REFUSED) {
        throw new IllegalArgumentException("the test's manifest cannot be read: " + verdict);
      }
    }
    List<Change> changes = now.changesSince(manifests);
    manifests = now;
    deliver(changes);
  }

  /**
   * Makes these the only objects there are, and returns at the moment at which the engine says that
   * Envoy has an Ingress.
   */
  void program(String ingress, String... yaml) {
    Manifests now = new ManifestReader().readText("test.yaml", String.join("\n---\n", yaml));
    List<Change> changes = now.changesSince(manifests);
    manifests = now;
    // Not by looking again and again: what comes a millisecond too late is what is looked for.
    CompletableFuture<String> told = events.expectProgrammed(ingress);
    engine.submit(changes);
    told.orTimeout(Await.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Changes the settings while everything runs, and returns when Envoy has them in use. */
  void configure(UnaryOperator<Settings> change) {
    settings = change.apply(settings);
    deliver(List.of(new Change.Configure(settings)));
  }

  private void deliver(List<Change> changes) {
    events.expect(changes);
    engine.submit(changes);
    Await.until("Envoy answered to " + changes, events::isAllDelivered);
    Await.until("Envoy has nothing left to warm", () -> !envoy.isWarming());
  }

  /** Verdicts on one object. */
  List<Verdict> verdicts(String kind, String name) {
    return engine
        .verdicts()
        .join()
        .getOrDefault(new ObjectRef(Kind.of(kind), "default", name), List.of());
  }

  /** Ends the control plane, as a crash would. */
  void stopEngine() {
    engine.close();
  }

  /** Starts a control plane in the place of the last one, and returns when Envoy is back. */
  void restartEngine() throws IOException {
    int before = events.connections.get();
    engine = startEngine(xdsPort);
    engine.submit(manifests.changesSince(new ManifestReader().readText("none", "")));
    engine.loaded();
    Await.until("Envoy connects again", () -> events.connections.get() > before);
  }

  /** A GET over plain HTTP. */
  Response get(String host, String path) throws IOException {
    return request("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  /** One request, as it is, on a connection of its own. */
  Response request(String raw) throws IOException {
    try (Connection connection = connect()) {
      return connection.exchange(raw);
    }
  }

  /** A connection for plain HTTP. */
  Connection connect() throws IOException {
    return Connection.open(httpPort());
  }

  /** A connection for HTTPS. */
  TlsConnection tls(TlsConnection.Hello hello) throws IOException {
    return TlsConnection.open(httpsPort(), hello);
  }

  @Override
  public void close() {
    envoy.close();
    engine.close();
    if (tls != null) {
      tls.close();
    }
  }

  private final class Events implements EngineListener {

    private final Set<Change> expected = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile String programmed = "";
    private volatile CompletableFuture<String> whenProgrammed = new CompletableFuture<>();
    private final AtomicInteger connections = new AtomicInteger();

    synchronized void expect(List<Change> changes) {
      expected.addAll(changes);
    }

    CompletableFuture<String> expectProgrammed(String ingress) {
      CompletableFuture<String> told = new CompletableFuture<>();
      whenProgrammed = told;
      programmed = ingress;
      return told;
    }

    synchronized boolean isAllDelivered() {
      return expected.isEmpty();
    }

    @Override
    public synchronized void delivered(Delivery delivery) {
      delivery.changes().forEach(expected::remove);
    }

    @Override
    public void programmed(Collection<ProgrammedIngress> ingresses) {
      for (ProgrammedIngress each : ingresses) {
        String name = each.ingress().name();
        if (each.acknowledged() == 1 && each.envoys() == 1 && name.equals(programmed)) {
          whenProgrammed.complete(name);
        }
      }
    }

    @Override
    public void rejected(Rejection rejection) {
      rejections.add(rejection);
    }

    @Override
    public void connected(StreamInfo stream) {
      connections.incrementAndGet();
    }
  }
}
