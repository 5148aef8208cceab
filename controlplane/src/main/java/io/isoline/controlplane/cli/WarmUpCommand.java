package io.isoline.controlplane.cli;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.local.SampleBackends;
import io.isoline.controlplane.local.SamplePlan;
import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.Change;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code isoline warm-up}: does once what every start does, from manifests to the first answer over
 * xDS, so that the build can record which classes that takes.
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
  public Integer call() throws Failure, IOException, InterruptedException {
    log.configure(Logging.LogLevel.ERROR);
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
      ask(engine.port());
    }
    terminal.print("warm");
    return Main.OK;
  }

  private static String text() throws IOException {
    try (InputStream stream = WarmUpCommand.class.getResourceAsStream(FILE)) {
      if (stream == null) {
        throw new IOException(FILE + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Asks as an Envoy does, until clusters and listeners have come. */
  private static void ask(int port) throws Failure, InterruptedException {
    CountDownLatch answers = new CountDownLatch(2);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .usePlaintext()
            .build();
    try {
      StreamObserver<DeltaDiscoveryRequest> requests =
          AggregatedDiscoveryServiceGrpc.newStub(channel)
              .deltaAggregatedResources(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(DeltaDiscoveryResponse response) {
                      answers.countDown();
                    }

                    @Override
                    public void onError(Throwable problem) {}

                    @Override
                    public void onCompleted() {}
                  });
      for (ResourceType type : List.of(ResourceType.CLUSTER, ResourceType.LISTENER)) {
        requests.onNext(
            DeltaDiscoveryRequest.newBuilder()
                .setNode(Node.newBuilder().setId("warm-up"))
                .setTypeUrl(type.typeUrl())
                .build());
      }
      if (!answers.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new Failure("the control plane gave no answer");
      }
      requests.onCompleted();
    } finally {
      channel.shutdownNow();
      channel.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }
}
