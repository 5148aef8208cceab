package io.isoline.controlplane.xds;

import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.translator.ResourceType.CLUSTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.envoy.Await;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.Resources;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.Resource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server over a real connection on loopback. */
final class XdsServerTest {
  private final ResourceStore store = new ResourceStore();
  private final ScheduledExecutorService engine = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private XdsServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    XdsServer.Options options =
        new XdsServer.Options(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            null,
            List.of(),
            Duration.ofSeconds(5),
            10,
            100_000,
            Long.MAX_VALUE,
            Duration.ofMinutes(1));
    server =
        XdsServer.start(
            options,
            store,
            engine,
            new StreamEvents() {
              @Override
              public void opened(StreamInfo stream) {
                events.add("opened " + stream.nodeId() + " delta=" + stream.delta());
              }

              @Override
              public void closed(StreamInfo stream) {
                events.add("closed " + stream.nodeId());
              }

              @Override
              public void rejected(StreamInfo stream, Resource resource, String message) {
                events.add("rejected " + resource + ": " + message);
              }
            });
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    server.close();
    engine.shutdownNow();
    assertTrue(channel.awaitTermination(60, TimeUnit.SECONDS));
  }

  @Test
  void delta_roundTrip_servesUpdatesAndTellsEvents() throws Exception {
    apply(dnsCluster("a", "1"));
    Received<DeltaDiscoveryResponse> responses = new Received<>();
    StreamObserver<DeltaDiscoveryRequest> requests = delta(responses);
    requests.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(Node.newBuilder().setId("n1"))
            .setTypeUrl(CLUSTER.typeUrl())
            .build());
    DeltaDiscoveryResponse first = responses.next();
    assertEquals("opened n1 delta=true", take());
    assertEquals("a", first.getResources(0).getName());
    assertEquals("1", first.getResources(0).getVersion());
    assertEquals(CLUSTER.typeUrl(), first.getResources(0).getResource().getTypeUrl());
    requests.onNext(ack(first).build());
    apply(dnsCluster("a", "2"));
    DeltaDiscoveryResponse second = responses.next();
    requests.onNext(
        ack(second).setErrorDetail(Status.newBuilder().setMessage("no such thing")).build());
    assertEquals("rejected CLUSTER a @2: no such thing", take());
    assertEquals(new Programmed(0, 1, 1, 1), programmed("a", "2"));
    requests.onCompleted();
    assertEquals("closed n1", take());
    assertEquals(new Programmed(0, 0, 0, 0), programmed("a", "2"));
  }

  /** As two versions of Envoy do, of which the older does not know something. */
  @Test
  void delta_oneOfTwoRefuses_theOtherHasItAndBothGetWhatFollows() throws Exception {
    apply(dnsCluster("a", "1"));
    Received<DeltaDiscoveryResponse> toOld = new Received<>();
    Received<DeltaDiscoveryResponse> toNew = new Received<>();
    StreamObserver<DeltaDiscoveryRequest> ofOld = delta(toOld);
    StreamObserver<DeltaDiscoveryRequest> ofNew = delta(toNew);
    DeltaDiscoveryRequest first =
        DeltaDiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl()).build();
    ofOld.onNext(first.toBuilder().setNode(Node.newBuilder().setId("old")).build());
    ofNew.onNext(first.toBuilder().setNode(Node.newBuilder().setId("new")).build());
    ofOld.onNext(ack(toOld.next()).build());
    ofNew.onNext(ack(toNew.next()).build());
    take();
    take(); // both are open

    apply(dnsCluster("a", "2"));
    ofNew.onNext(ack(toNew.next()).build());
    ofOld.onNext(
        ack(toOld.next()).setErrorDetail(Status.newBuilder().setMessage("unknown field")).build());
    assertEquals("rejected CLUSTER a @2: unknown field", take());
    awaitProgrammed(new Programmed(1, 1, 2, 2), "a", "2");

    apply(dnsCluster("b", "1"));
    DeltaDiscoveryResponse later = toOld.next();
    assertEquals("b", later.getResources(0).getName());
    ofOld.onNext(ack(later).build());
    ofNew.onNext(ack(toNew.next()).build());
    awaitProgrammed(new Programmed(2, 0, 2, 2), "b", "1");
    apply(dnsCluster("a", "3"));
    ofOld.onNext(ack(toOld.next()).build());
    ofNew.onNext(ack(toNew.next()).build());
    awaitProgrammed(new Programmed(2, 0, 2, 2), "a", "3");
  }

  @Test
  void sotw_roundTrip_servesUpdates() throws Exception {
    Received<DiscoveryResponse> responses = new Received<>();
    StreamObserver<DiscoveryRequest> requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(responses);
    requests.onNext(
        DiscoveryRequest.newBuilder()
            .setNode(Node.newBuilder().setId("n2"))
            .setTypeUrl(CLUSTER.typeUrl())
            .build());
    assertEquals("opened n2 delta=false", take());
    // Asked before the store was loaded, answered after.
    apply(dnsCluster("a", "1"));
    DiscoveryResponse first = responses.next();
    assertEquals(1, first.getResourcesCount());
    requests.onNext(
        DiscoveryRequest.newBuilder()
            .setTypeUrl(CLUSTER.typeUrl())
            .setVersionInfo(first.getVersionInfo())
            .setResponseNonce(first.getNonce())
            .build());
    apply(dnsCluster("b", "1"));
    assertEquals(2, responses.next().getResourcesCount());
    assertEquals(new Programmed(1, 0, 1, 1), programmed("a", "1"));
  }

  @Test
  void delta_tooManyNames_closesTheStreamWithTheReason() throws Exception {
    apply(dnsCluster("a", "1"));
    Received<DeltaDiscoveryResponse> responses = new Received<>();
    DeltaDiscoveryRequest.Builder request =
        DeltaDiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl());
    for (int i = 0; i < 11; i++) {
      request.addResourceNamesSubscribe("c" + i);
    }
    delta(responses).onNext(request.build());
    assertEquals(io.grpc.Status.Code.RESOURCE_EXHAUSTED, responses.failure().getCode());
  }

  @Test
  void delta_requestBeyondTheLimit_closesThatStreamOnly() throws Exception {
    apply(dnsCluster("a", "1"));
    Received<DeltaDiscoveryResponse> other = new Received<>();
    StreamObserver<DeltaDiscoveryRequest> healthy = delta(other);
    healthy.onNext(DeltaDiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl()).build());
    healthy.onNext(ack(other.next()).build());
    Received<DeltaDiscoveryResponse> responses = new Received<>();
    delta(responses)
        .onNext(
            DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(CLUSTER.typeUrl())
                .addResourceNamesSubscribe("x".repeat(200_000))
                .build());
    assertNotNull(responses.failure());
    apply(dnsCluster("a", "2"));
    assertEquals("2", other.next().getResources(0).getVersion());
  }

  @Test
  void close_withOpenStreams_tellsThemThatItStops() throws Exception {
    apply(dnsCluster("a", "1"));
    Received<DeltaDiscoveryResponse> responses = new Received<>();
    delta(responses)
        .onNext(DeltaDiscoveryRequest.newBuilder().setTypeUrl(CLUSTER.typeUrl()).build());
    responses.next();
    server.close();
    assertEquals(io.grpc.Status.Code.UNAVAILABLE, responses.failure().getCode());
  }

  private StreamObserver<DeltaDiscoveryRequest> delta(Received<DeltaDiscoveryResponse> responses) {
    return AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(responses);
  }

  private static DeltaDiscoveryRequest.Builder ack(DeltaDiscoveryResponse response) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(response.getTypeUrl())
        .setResponseNonce(response.getNonce());
  }

  private void apply(Resource resource) throws Exception {
    engine
        .submit(
            () -> {
              store.apply(List.of(resource), Set.of());
              store.markLoaded();
            })
        .get(60, TimeUnit.SECONDS);
  }

  private Programmed programmed(String name, String version) throws Exception {
    return engine
        .submit(() -> server.programmed(Resources.key(CLUSTER, name), version))
        .get(60, TimeUnit.SECONDS);
  }

  private void awaitProgrammed(Programmed expected, String name, String version) {
    Await.until(
        name + " is at " + version, () -> programmed(name, version).equals(expected));
  }

  private String take() throws InterruptedException {
    String event = events.poll(60, TimeUnit.SECONDS);
    return event == null ? "nothing within 10 s" : event;
  }

  /** What the client receives. */
  private static final class Received<T> implements StreamObserver<T> {
    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<io.grpc.Status> ends = new LinkedBlockingQueue<>();

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(
          failure instanceof StatusRuntimeException status
              ? status.getStatus()
              : io.grpc.Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ends.add(io.grpc.Status.OK);
    }

    T next() throws InterruptedException {
      T message = messages.poll(60, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no response within 10 s; the stream's end: " + ends);
      }
      return message;
    }

    io.grpc.Status failure() throws InterruptedException {
      io.grpc.Status end = ends.poll(60, TimeUnit.SECONDS);
      if (end == null) {
        throw new AssertionError("the stream did not end within 10 s");
      }
      return end;
    }
  }
}
