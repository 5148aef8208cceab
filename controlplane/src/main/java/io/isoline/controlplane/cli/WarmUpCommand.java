package io.isoline.controlplane.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.local.SampleBackends;
import io.isoline.controlplane.local.SamplePlan;
import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.offline.OfflineTranslation;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.runs.EditLog;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.EnvoyAdmin;
import io.isoline.translator.Change;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code isoline warm-up}: does once what every start does, from a file and from an API server to
 * the first answer over xDS and to what is written back, so that the build can record which classes
 * that takes.
 */
@Command(
    name = "warm-up",
    hidden = true,
    description = "Does once what a start does, and ends. For the build of the distribution.")
final class WarmUpCommand implements Callable<Integer> {

  private static final String FILE = "warm-up.yaml";
  private static final long LIMIT_SECONDS = 30;

  private final Terminal terminal;
  @Mixin private final LogOption log = new LogOption();

  WarmUpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    log.configure(Logging.LogLevel.ERROR);
    serveFile();
    serveCluster();
    terminal.print("warm");
    return Main.OK;
  }

  private void serveFile() throws Failure, IOException, InterruptedException {
    Manifests manifests = new ManifestReader().readText(FILE, text());
    SettingsOptions.Chosen chosen = new SettingsOptions().read();
    Settings settings = OfflineTranslation.settingsFor(manifests, chosen);
    EditLog edits = new EditLog(terminal, manifests, lines -> {});
    XdsServer.Options options =
        XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (SampleBackends backends = new SampleBackends();
        Engine engine = Engine.start(settings, options, edits, Clock.systemUTC())) {
      List<Change> changes = new ArrayList<>();
      for (ManifestObject object : manifests.objects()) {
        changes.add(new Change.Upsert(object.projection()));
      }
      changes.addAll(backends.apply(SamplePlan.of(manifests).services()).changes());
      engine.submit(changes);
      engine.loaded();
      edits.awaitLoaded();
      edits.findings().forEach(terminal::print);
      ask(engine.port(), () -> true);
    }
  }

  /**
   * Starts a control plane and leaves it running; the end of the process also ends it in good
   * order.
   */
  private void serveCluster() throws Exception {
    Path kubeconfig = Files.createTempFile("warm-up", ".kubeconfig");
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    try (WarmUpApiServer server = new WarmUpApiServer(certificate, objects(certificate))) {
      Files.writeString(kubeconfig, kubeconfig(server.port()));
      int xds = freePort();
      int admin = freePort();
      Thread.ofPlatform()
          .daemon()
          .start(
              () ->
                  Main.run(
                      terminal,
                      "serve",
                      "--kubeconfig=" + kubeconfig,
                      "--listen=127.0.0.1:" + xds,
                      "--admin=127.0.0.1:" + admin,
                      "--publish-status-address=192.0.2.1",
                      "--log-level=error"));
      EnvoyAdmin probe = new EnvoyAdmin(new Address.Socket("127.0.0.1", admin));
      await("ready", () -> probe.get("/readyz").status() == 200);
      await("scraped", () -> probe.get("/metrics").status() == 200);
      ask(xds, () -> server.written().containsAll(List.of("leases", "events", "ingresses")));
    } finally {
      Files.delete(kubeconfig);
    }
  }

  private static String kubeconfig(int port) {
    return """
      apiVersion: v1
      kind: Config
      clusters:
        - name: warm-up
          cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}
      users:
        - name: warm-up
          user: {token: warm-up}
      contexts:
        - name: warm-up
          context: {cluster: warm-up, user: warm-up, namespace: default}
      current-context: warm-up
      """
        .formatted(port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(String what, Condition condition)
      throws Failure, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
      if (System.nanoTime() - end > 0) {
        throw new Failure("the control plane is not " + what);
      }
      Thread.sleep(20);
    }
  }

  /** The objects of the file, and a Secret with the certificate. */
  private static List<ObjectNode> objects(ServerCertificate.Valid certificate) throws IOException {
    List<ObjectNode> objects =
        new ArrayList<>(
            new YAMLMapper().readerFor(ObjectNode.class).<ObjectNode>readValues(text()).readAll());
    ObjectNode secret = JsonNodeFactory.instance.objectNode();
    secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "kubernetes.io/tls");
    secret.putObject("metadata").put("name", "web");
    secret
        .putObject("data")
        .put("tls.crt", certificate.chain().toByteArray())
        .put("tls.key", certificate.key().toByteArray());
    objects.add(secret);
    return objects;
  }

  private static String text() throws IOException {
    try (InputStream stream = WarmUpCommand.class.getResourceAsStream(FILE)) {
      if (stream == null) {
        throw new IOException(FILE + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Asks as an Envoy does, and acknowledges all that comes, until clusters and listeners have come
   * and a condition holds.
   */
  private static void ask(int port, Condition until) throws Failure, InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      Asking asking = new Asking(channel);
      await(
          "programmed",
          () ->
              asking.has(ResourceType.CLUSTER)
                  && asking.has(ResourceType.LISTENER)
                  && until.holds());
      asking.end();
    } finally {
      channel.shutdownNow();
      channel.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** One stream that asks for all resources of each type. */
  private static final class Asking implements StreamObserver<DeltaDiscoveryResponse> {

    @GuardedBy("this")
    private final StreamObserver<DeltaDiscoveryRequest> requests;
    @GuardedBy("this")
    private final Set<String> come = new HashSet<>();

    Asking(ManagedChannel channel) {
      synchronized (this) {
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
        for (ResourceType type : ResourceType.values()) {
          requests.onNext(
              DeltaDiscoveryRequest.newBuilder()
                  .setNode(Node.newBuilder().setId("warm-up"))
                  .setTypeUrl(type.typeUrl())
                  .addResourceNamesSubscribe("*")
                  .build());
        }
      }
    }

    synchronized boolean has(ResourceType type) {
      return come.contains(type.typeUrl());
    }

    synchronized void end() {
      requests.onCompleted();
    }

    @Override
    public synchronized void onNext(DeltaDiscoveryResponse response) {
      come.add(response.getTypeUrl());
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.getTypeUrl())
              .setResponseNonce(response.getNonce())
              .build());
    }

    @Override
    public void onError(Throwable problem) {}

    @Override
    public void onCompleted() {}
  }
}
