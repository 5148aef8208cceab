package io.isoline.bench;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.Change;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.tls.ServerCertificate;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prints what 50 Envoys cost one control plane with 10,000 hosts. They are clients in the same
 * process that ask as Envoy does, over a connection each, and keep nothing; so the figures for
 * memory and CPU time are those of both sides.
 */
final class FanOutBench {

  private static final int HOSTS = 10_000;
  private static final int ROUNDS = 41;
  private static final long LIMIT_SECONDS = 120;

  private FanOutBench() {}

  static void print(PrintStream out) throws Exception {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    SyntheticCluster cluster = new SyntheticCluster(HOSTS, certificate);
    XdsServer.Options options =
        XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    List<Client> clients = new ArrayList<>();
    try (Engine engine =
        Engine.start(
            Edge.onThisMachine(Settings.defaults(certificate.chain(), certificate.key())),
            options,
            new EngineListener() {},
            Clock.systemUTC())) {
      engine.submit(cluster.all());
      engine.loaded();
      engine.verdicts().get();
      long before = Bench.used();
      out.printf(
          Locale.ROOT,
          "%n%-24s %6s %14s %8s %8s %10s %14s%n",
          "Envoys, 10,000 hosts",
          "Envoys",
          "all have all",
          "p50 (ms)",
          "max (ms)",
          "CPU (ms)",
          "heap of each");
      for (int envoys : List.of(1, 50)) {
        long start = System.nanoTime();
        while (clients.size() < envoys) {
          clients.add(new Client(engine.port(), clients.size()));
        }
        for (Client client : clients) {
          client.awaitAll();
        }
        double joined = (System.nanoTime() - start) / 1e6;
        long held = (Bench.used() - before) / envoys;
        out.printf(
            Locale.ROOT,
            "%-24s %6d %11.0f ms %41.1f KiB%n",
            "start",
            envoys,
            joined,
            held / 1024.0);
        // The compiler has seen all of it before the figures count.
        for (String service : List.of("svc-1", "svc-3", "svc-1")) {
          changes(null, "", envoys, engine, clients, i -> cluster.ingress(i, service));
        }
        changes(
            out, "backend switched", envoys, engine, clients, i -> cluster.ingress(i, "svc-2"));
        changes(out, "backend back", envoys, engine, clients, i -> cluster.ingress(i, "svc-" + i));
      }
    } finally {
      clients.forEach(Client::close);
    }
  }

  /** Times a change of each of some hosts until the last client has it. */
  private static void changes(
      @Nullable PrintStream out,
      String name,
      int envoys,
      Engine engine,
      List<Client> clients,
      IntFunction<Change> change)
      throws Exception {
    double[] millis = new double[ROUNDS];
    long cpu = cpuNanos();
    for (int i = 0; i < ROUNDS; i++) {
      // None that has TLS, as all do in turns of ten.
      int host = 10 * i + 5;
      CountDownLatch arrived = new CountDownLatch(envoys);
      clients.forEach(client -> client.expect(BenchObjects.host(host), arrived));
      long start = System.nanoTime();
      engine.submit(List.of(change.apply(host)));
      if (!arrived.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a change has not come to all Envoys");
      }
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    double cpuMillis = (cpuNanos() - cpu) / 1e6 / ROUNDS;
    Arrays.sort(millis);
    if (out != null) {
      out.printf(
          Locale.ROOT,
          "%-24s %6d %23.1f %8.1f %10.1f%n",
          name,
          envoys,
          millis[ROUNDS / 2],
          millis[ROUNDS - 1],
          cpuMillis);
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Asks for what Envoy asks for, acknowledges all, and keeps nothing. */
  private static final class Client implements StreamObserver<DeltaDiscoveryResponse> {

    private final ManagedChannel channel;
    private final StreamObserver<DeltaDiscoveryRequest> requests;
    private final CountDownLatch all = new CountDownLatch(HOSTS);

    @GuardedBy("this")
    private String expected = "";

    @GuardedBy("this")
    private CountDownLatch arrived = new CountDownLatch(0);

    Client(int port, int number) {
      channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .usePlaintext()
              .maxInboundMessageSize(Integer.MAX_VALUE)
              .build();
      synchronized (this) {
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
        Node node = Node.newBuilder().setId("envoy-" + number).build();
        for (ResourceType type :
            List.of(
                ResourceType.CLUSTER,
                ResourceType.LISTENER,
                ResourceType.SCOPE,
                ResourceType.EXTENSION,
                ResourceType.SECRET)) {
          requests.onNext(
              DeltaDiscoveryRequest.newBuilder()
                  .setNode(node)
                  .setTypeUrl(type.typeUrl())
                  .addResourceNamesSubscribe("*")
                  .build());
        }
      }
    }

    synchronized void expect(String host, CountDownLatch latch) {
      expected = host;
      arrived = latch;
    }

    void awaitAll() throws InterruptedException {
      if (!all.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(all.getCount() + " routes have not come");
      }
    }

    @Override
    public synchronized void onNext(DeltaDiscoveryResponse response) {
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.getTypeUrl())
              .setResponseNonce(response.getNonce())
              .build());
      try {
        if (response.getTypeUrl().equals(ResourceType.CLUSTER.typeUrl())) {
          subscribe(ResourceType.ENDPOINT, response, Client::endpoints);
        } else if (response.getTypeUrl().equals(ResourceType.SCOPE.typeUrl())) {
          subscribe(ResourceType.ROUTE, response, Client::routes);
        } else if (response.getTypeUrl().equals(ResourceType.ROUTE.typeUrl())) {
          for (Resource resource : response.getResourcesList()) {
            all.countDown();
            if (!expected.isEmpty() && resource.getName().endsWith("/" + expected)) {
              arrived.countDown();
            }
          }
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The name of what a resource leads to. */
    private interface Reference {
      String of(Resource resource) throws InvalidProtocolBufferException;
    }

    private static String endpoints(Resource resource) throws InvalidProtocolBufferException {
      Cluster cluster = resource.getResource().unpack(Cluster.class);
      String name = cluster.getEdsClusterConfig().getServiceName();
      return name.isEmpty() ? cluster.getName() : name;
    }

    private static String routes(Resource resource) throws InvalidProtocolBufferException {
      return resource
          .getResource()
          .unpack(ScopedRouteConfiguration.class)
          .getRouteConfigurationName();
    }

    private void subscribe(ResourceType type, DeltaDiscoveryResponse response, Reference reference)
        throws InvalidProtocolBufferException {
      DeltaDiscoveryRequest.Builder request =
          DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
      for (Resource resource : response.getResourcesList()) {
        request.addResourceNamesSubscribe(reference.of(resource));
      }
      requests.onNext(request.build());
    }

    @Override
    public void onError(Throwable problem) {}

    @Override
    public void onCompleted() {}

    void close() {
      channel.shutdownNow();
    }
  }
}
