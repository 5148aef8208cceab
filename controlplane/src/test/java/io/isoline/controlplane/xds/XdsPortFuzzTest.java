package io.isoline.controlplane.xds;

import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.translator.ResourceType.CLUSTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.envoy.Await;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that are broken or mean harm, on real connections: they are shown out with the reason, and
 * a client that behaves gets everything meanwhile and afterwards.
 */
final class XdsPortFuzzTest {

  private static final int MAX_NAMES = 100_000;
  private static final int MAX_REQUEST = 16 << 20;
  private static final Duration STALL_LIMIT = Duration.ofMinutes(2);

  private final ResourceStore store = new ResourceStore();
  private final ManualTimeEngine engine = new ManualTimeEngine();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private XdsServer server;

  @BeforeEach
  void start() throws Exception {
    start(Long.MAX_VALUE, store);
    put(dnsCluster("a", "1"));
  }

  private void start(long maxBytes, ResourceStore served) throws IOException {
    server =
        XdsServer.start(
            new XdsServer.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                List.of(),
                Duration.ofSeconds(5),
                MAX_NAMES,
                MAX_REQUEST,
                maxBytes,
                STALL_LIMIT),
            served,
            engine,
            StreamEvents.NONE,
            engine::now);
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
    engine.shutdownNow();
  }

  private void put(Resource... resources) throws Exception {
    engine
        .submit(
            () -> {
              store.apply(List.of(resources), Set.of());
              store.markLoaded();
            })
        .get(60, TimeUnit.SECONDS);
  }

  private int streams() {
    return CompletableFuture.supplyAsync(() -> server.streams().size(), engine).join();
  }

  private ManagedChannel channel() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .usePlaintext()
            .flowControlWindow(65_535)
            .build();
    channels.add(channel);
    return channel;
  }

  private StreamObserver<DeltaDiscoveryRequest> delta(Client<DeltaDiscoveryResponse> client) {
    return AggregatedDiscoveryServiceGrpc.newStub(channel()).deltaAggregatedResources(client);
  }

  private static DeltaDiscoveryRequest.Builder clusters() {
    return DeltaDiscoveryRequest.newBuilder()
        .setNode(Node.newBuilder().setId("n"))
        .setTypeUrl(CLUSTER.typeUrl());
  }

  /** A client that behaves gets what there is, and what changes. */
  private void assertServesOthers() throws Exception {
    Client<DeltaDiscoveryResponse> good = new Client<>();
    StreamObserver<DeltaDiscoveryRequest> requests = delta(good);
    requests.onNext(clusters().build());
    DeltaDiscoveryResponse first = good.next();
    assertEquals(store.all(CLUSTER).size(), first.getResourcesCount());
    requests.onNext(clusters().setResponseNonce(first.getNonce()).build());
    String version = "after " + first.getNonce() + System.nanoTime();
    put(dnsCluster("a", version));
    assertEquals(version, good.next().getResources(0).getVersion());
    requests.onCompleted();
    assertEquals(io.grpc.Status.Code.OK, good.end().getCode());
  }

  // Nonsense in protos that are whole.

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void requests_ofAnyContent_areSurvived(long seed) throws Exception {
    Random random = new Random(seed);
    for (int stream = 0; stream < 10; stream++) {
      if (random.nextBoolean()) {
        Client<DeltaDiscoveryResponse> client = new Client<>();
        StreamObserver<DeltaDiscoveryRequest> requests = delta(client);
        for (int i = 0; i < 30 && !client.isEnded(); i++) {
          requests.onNext(deltaRequest(random));
        }
        requests.onCompleted();
        assertEquals(io.grpc.Status.Code.OK, client.end().getCode());
      } else {
        Client<DiscoveryResponse> client = new Client<>();
        StreamObserver<DiscoveryRequest> requests =
            AggregatedDiscoveryServiceGrpc.newStub(channel()).streamAggregatedResources(client);
        for (int i = 0; i < 30 && !client.isEnded(); i++) {
          requests.onNext(sotwRequest(random));
        }
        requests.onCompleted();
        assertEquals(io.grpc.Status.Code.OK, client.end().getCode());
      }
    }
    assertServesOthers();
    Await.until("no stream is left", () -> streams() == 0);
  }

  private static DeltaDiscoveryRequest deltaRequest(Random random) {
    DeltaDiscoveryRequest.Builder request =
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(typeUrl(random))
            .setResponseNonce(nonce(random));
    for (int i = random.nextInt(4); i > 0; i--) {
      request.addResourceNamesSubscribe(name(random));
      request.addResourceNamesUnsubscribe(name(random));
      request.putInitialResourceVersions(name(random), name(random));
    }
    if (random.nextInt(3) == 0) {
      request.setErrorDetail(error(random));
    }
    if (random.nextInt(3) == 0) {
      request.setNode(node(random));
    }
    return request.build();
  }

  private static DiscoveryRequest sotwRequest(Random random) {
    DiscoveryRequest.Builder request =
        DiscoveryRequest.newBuilder()
            .setTypeUrl(typeUrl(random))
            .setVersionInfo(name(random))
            .setResponseNonce(nonce(random));
    for (int i = random.nextInt(4); i > 0; i--) {
      request.addResourceNames(name(random));
    }
    if (random.nextInt(3) == 0) {
      request.setErrorDetail(error(random));
    }
    if (random.nextInt(3) == 0) {
      request.setNode(node(random));
    }
    return request.build();
  }

  private static String typeUrl(Random random) {
    ResourceType[] types = ResourceType.values();
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> "type.googleapis.com/no.such.Type";
      case 2 -> "type.googleapis.com/envoy.service.runtime.v3.Runtime";
      default -> types[random.nextInt(types.length)].typeUrl();
    };
  }

  private static String nonce(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "no number";
      case 2 -> "-1";
      default -> Integer.toString(random.nextInt(10));
    };
  }

  private static String name(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "*";
      case 2 -> "a";
      case 3 -> "\u0000\uD7FF\n";
      case 4 -> "x".repeat(random.nextInt(5_000));
      default -> "n" + random.nextInt(100);
    };
  }

  private static Status error(Random random) {
    return Status.newBuilder()
        .setCode(random.nextInt())
        .setMessage(name(random))
        .addDetails(Any.getDefaultInstance())
        .build();
  }

  private static Node node(Random random) {
    return Node.newBuilder().setId(name(random)).setUserAgentName(name(random)).build();
  }

  // Bytes that are no protos, or no HTTP/2.

  @Test
  void message_thatIsNoProto_endsItsStreamOnly() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[1 + random.nextInt(200)];
      random.nextBytes(garbage);
      garbage[0] = 0x0f; // a wire type that there is not
      Client<byte[]> client = new Client<>();
      ClientCall<byte[], byte[]> call =
          channel()
              .newCall(
                  raw(AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod()),
                  CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(io.grpc.Status status, Metadata trailers) {
              client.ends.add(status);
            }
          },
          new Metadata());
      call.request(1);
      call.sendMessage(garbage);
      assertTrue(!client.end().isOk());
    }
    assertServesOthers();
    Await.until("no stream is left", () -> streams() == 0);
  }

  private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(method.getType())
        .setFullMethodName(method.getFullMethodName())
        .build();
  }

  @Test
  void connection_withAnyBytes_isSurvived() throws Exception {
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        byte[] garbage = new byte[random.nextInt(2_000)];
        random.nextBytes(garbage);
        OutputStream out = socket.getOutputStream();
        if (i % 2 == 0) {
          out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write(garbage);
        out.flush();
      } catch (IOException e) {
        // It was shown out before it had said everything.
      }
    }
    assertServesOthers();
  }

  // Too much.

  @Test
  void subscriptions_asManyAsAllowedInOneRequest_areAnswered() throws Exception {
    Client<DeltaDiscoveryResponse> client = new Client<>();
    StreamObserver<DeltaDiscoveryRequest> requests = delta(client);
    DeltaDiscoveryRequest.Builder request =
        clusters().setTypeUrl(ResourceType.SECRET.typeUrl());
    for (int i = 0; i < MAX_NAMES; i++) {
      request.addResourceNamesSubscribe("n" + i);
    }
    requests.onNext(request.build());
    assertEquals(MAX_NAMES, client.next().getRemovedResourcesCount());
    requests.onNext(
        clusters()
            .setTypeUrl(ResourceType.SECRET.typeUrl())
            .addResourceNamesSubscribe("one more")
            .build());
    io.grpc.Status end = client.end();
    assertEquals(io.grpc.Status.Code.RESOURCE_EXHAUSTED, end.getCode());
    assertTrue(String.valueOf(end.getDescription()).contains("the limit is " + MAX_NAMES));
    assertServesOthers();
  }

  @Test
  void subscriptions_overManyRequests_endAtTheLimit() throws Exception {
    Client<DeltaDiscoveryResponse> client = new Client<>();
    StreamObserver<DeltaDiscoveryRequest> requests = delta(client);
    for (int i = 0; i < 110 && !client.isEnded(); i++) {
      DeltaDiscoveryRequest.Builder request = clusters();
      for (int j = 0; j < 1_000; j++) {
        request.addResourceNamesSubscribe("n" + i + "/" + j);
      }
      requests.onNext(request.build());
    }
    assertEquals(io.grpc.Status.Code.RESOURCE_EXHAUSTED, client.end().getCode());
    assertServesOthers();
  }

  /** Few names, but long ones: it is the memory that counts. */
  @Test
  void subscriptions_ofLongNames_endAtTheLimit() throws Exception {
    Client<DeltaDiscoveryResponse> client = new Client<>();
    StreamObserver<DeltaDiscoveryRequest> requests = delta(client);
    String tail = "x".repeat(4_000_000);
    for (int i = 0; i < 10 && !client.isEnded(); i++) {
      requests.onNext(clusters().addResourceNamesSubscribe(i + tail).build());
    }
    io.grpc.Status end = client.end();
    assertEquals(io.grpc.Status.Code.RESOURCE_EXHAUSTED, end.getCode());
    assertTrue(String.valueOf(end.getDescription()).contains("characters"), end::toString);
    assertServesOthers();
  }

  /** Each keeps to the limit of a stream, and together they would fill the memory. */
  @Test
  void subscriptions_ofManyStreamsTogether_endTheLargestAndNoOther() throws Exception {
    server.close();
    start(20 << 20, store); // A thousand names of 240 letters take some 800 kB of it.
    Greedy first = new Greedy("first");
    first.askForThousands(15);
    Greedy second = new Greedy("second");

    second.askForThousands(15);

    first.assertEnded();
    assertServesOthers();
    second.requests.onCompleted();
    assertEquals(io.grpc.Status.Code.OK, second.client.end().getCode());
    Greedy third = new Greedy("third");
    third.askForThousands(20); // The second has left it all.
    for (int i = 0; i < 10; i++) {
      third.ask();
    }
    third.assertEnded();
    assertServesOthers();
  }

  /** Before there is anything to serve, too. */
  @Test
  void subscriptions_beforeTheStoreIsLoaded_endAtTheLimitOfAll() throws Exception {
    server.close();
    ResourceStore empty = new ResourceStore();
    start(3 << 20, empty);
    List<Greedy> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Greedy client = new Greedy("n" + i);
      client.ask();
      clients.add(client);
    }
    Await.until("some have ended", () -> clients.stream().anyMatch(each -> each.client.isEnded()));
    Await.until("four are left", () -> streams() == 4);
  }

  /** Wants Secrets that there are not. */
  private final class Greedy {
    private final Client<DeltaDiscoveryResponse> client = new Client<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests = delta(client);
    private final String name;
    private int asked;
    private String nonce = "";

    Greedy(String name) {
      this.name = name;
    }

    void ask() {
      DeltaDiscoveryRequest.Builder request =
          clusters().setTypeUrl(ResourceType.SECRET.typeUrl()).setResponseNonce(nonce);
      for (int i = 0; i < 1000; i++) {
        request.addResourceNamesSubscribe(
            "%s/%d/%d/".formatted(name, asked, i) + "x".repeat(220));
      }
      asked++;
      requests.onNext(request.build());
    }

    void askForThousands(int times) throws InterruptedException {
      for (int i = 0; i < times; i++) {
        ask();
        DeltaDiscoveryResponse response = client.next();
        assertEquals(1000, response.getRemovedResourcesCount());
        nonce = response.getNonce();
      }
    }

    void assertEnded() throws InterruptedException {
      io.grpc.Status end = client.end();
      assertEquals(io.grpc.Status.Code.RESOURCE_EXHAUSTED, end.getCode(), end::toString);
      assertTrue(String.valueOf(end.getDescription()).contains("the most of all"), end::toString);
    }
  }

  @Test
  void request_of100Megabytes_endsItsStreamOnly() throws Exception {
    Client<DeltaDiscoveryResponse> client = new Client<>();
    delta(client)
        .onNext(
            clusters()
                .setNode(Node.newBuilder().setIdBytes(ByteString.copyFrom(new byte[100 << 20])))
                .build());
    io.grpc.Status end = client.end();
    assertTrue(
        end.getCode() == io.grpc.Status.Code.RESOURCE_EXHAUSTED
            || end.getCode() == io.grpc.Status.Code.CANCELLED,
        end::toString);
    assertServesOthers();
    Await.until("no stream is left", () -> streams() == 0);
  }

  // Too slow.

  @Test
  void reader_thatNeverReads_isSentOneResponseAndDropped() throws Exception {
    // More than the window of a stream, or the transport would take it all.
    byte[] large = new byte[500_000];
    for (int i = 0; i < 20; i++) {
      put(
          new Resource(
              CLUSTER,
              "large" + i,
              "1",
              Any.newBuilder()
                  .setTypeUrl(CLUSTER.typeUrl())
                  .setValue(ByteString.copyFrom(large))
                  .build()));
    }
    ClientCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call =
        channel()
            .newCall(
                AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod(),
                CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(clusters().build());
    Await.until("it has come", () -> streams() == 1);
    // All the changes in the world are one response to it.
    for (int i = 0; i < 100; i++) {
      put(dnsCluster("b" + i, "1"));
    }

    Await.until(
        "it is dropped",
        () -> {
          engine.advance(STALL_LIMIT.dividedBy(4));
          return streams() == 0;
        });

    call.cancel("the end of the test", null);
  }

  @Test
  void reader_thatNeverAnswers_isDropped() throws Exception {
    Client<DeltaDiscoveryResponse> client = new Client<>();
    delta(client).onNext(clusters().build());
    client.next();
    engine.advance(STALL_LIMIT.multipliedBy(XdsServer.ANSWER_LIMITS).minusSeconds(1));
    assertEquals(1, streams());

    engine.advance(STALL_LIMIT);
    io.grpc.Status end = client.end();

    assertEquals(io.grpc.Status.Code.RESOURCE_EXHAUSTED, end.getCode());
    assertTrue(
        String.valueOf(end.getDescription()).contains("has not answered a response"),
        end::toString);
  }

  /** What a client receives. */
  private static final class Client<T> implements StreamObserver<T> {
    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<io.grpc.Status> ends = new LinkedBlockingQueue<>();

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(io.grpc.Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ends.add(io.grpc.Status.OK);
    }

    boolean isEnded() {
      return !ends.isEmpty();
    }

    T next() throws InterruptedException {
      T message = messages.poll(60, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no response within 60 s; the stream's end: " + ends);
      }
      return message;
    }

    io.grpc.Status end() throws InterruptedException {
      io.grpc.Status end = ends.poll(60, TimeUnit.SECONDS);
      if (end == null) {
        throw new AssertionError("the stream did not end within 60 s");
      }
      return end;
    }
  }
}
