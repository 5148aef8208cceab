package io.isoline.controlplane.xds;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.peers.PeerRole;
import io.isoline.controlplane.peers.PeerService;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.peers.RemoteAddress;
import io.isoline.controlplane.stream.AdsRequest;
import io.isoline.controlplane.stream.AdsResponse;
import io.isoline.controlplane.stream.AdsStream;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.stream.StreamMemory;
import io.isoline.controlplane.stream.Variant;
import io.isoline.translator.Resource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link ResourceStore} to Envoys: the aggregated discovery service, delta and
 * state-of-the-world, on one gRPC port.
 *
 * <p>Threads: {@link #start}, {@link #port} and {@link #close} may be called by any thread but the
 * engine's, {@link #streams} and {@link #programmed} by the engine's only.
 *
 * <p>With TLS, each service is for clients of one {@link PeerRole}, and a connection ends when the
 * client's certificate expires, so that the client comes back with a new one.
 *
 * <p>A client that is silent for a minute, as its machine is gone, is taken for dead: its stream is
 * closed. So is that of a client that stalls: what is kept for it is one response of each type, and
 * not for ever.
 */
public final class XdsServer implements AutoCloseable {
  private static final Context.Key<String> PEER = Context.key("peer");
  private static final Context.Key<Context.CancellableContext> CALL = Context.key("call");
  private static final long STOP_SECONDS = 3;

  /** An answer may take this many stall limits: Envoy gives none while it warms clusters. */
  static final int ANSWER_LIMITS = 5;

  /** How often in a stall limit it is looked who has stalled. */
  private static final int STALL_CHECKS = 4;

  /**
   * How the server behaves.
   *
   * @param address where to listen; port 0 for any free one
   * @param tls who may connect; null serves everybody who reaches the port, without encryption. It
   *     must outlive the server
   * @param services what else is on the port
   * @param orderLimit how long something waits at most for what must go before it
   * @param maxNames how many names one stream may subscribe to and hold, all types together; a
   *     stream beyond that is closed
   * @param maxRequestBytes a stream with a longer request is closed
   * @param maxBytes about how many bytes all streams together may make us remember; of the streams
   *     the largest is closed when it is more
   * @param stallLimit a stream is closed whose client reads nothing of what it was sent for so long,
   *     or for {@value #ANSWER_LIMITS} times as long does not answer a response
   */
  public record Options(
      InetSocketAddress address,
      @Nullable PeerTls tls,
      List<PeerService> services,
      Duration orderLimit,
      int maxNames,
      int maxRequestBytes,
      long maxBytes,
      Duration stallLimit) {

    public Options {
      services = List.copyOf(services);
    }

    /**
     * No TLS, nothing else, 5 s, 1,000,000 names (100,000 hosts and more), 16 MiB, a quarter of the
     * heap, 2 min: that is enough for 20 MB over a slow line.
     */
    public static Options defaults(InetSocketAddress address) {
      return new Options(
          address,
          null,
          List.of(),
          Duration.ofSeconds(5),
          1_000_000,
          16 << 20,
          StreamMemory.limit(Runtime.getRuntime().maxMemory()),
          Duration.ofMinutes(2));
    }

    /** The same with TLS; null for none. */
    public Options withTls(@Nullable PeerTls value) {
      return new Options(
          address, value, services, orderLimit, maxNames, maxRequestBytes, maxBytes, stallLimit);
    }

    /** The same with these services besides the discovery service. */
    public Options withServices(List<PeerService> value) {
      return new Options(
          address, tls, value, orderLimit, maxNames, maxRequestBytes, maxBytes, stallLimit);
    }
  }

  private final Options options;
  private final ResourceStore store;
  private final ScheduledExecutorService engine;
  private final StreamEvents events;
  private final LongSupplier clock;
  private final AdsStreams streams;
  private final AtomicLong lastId = new AtomicLong();
  private final Server server;
  private @Nullable Future<?> stallChecks; // the engine's thread

  private XdsServer(
      Options options,
      ResourceStore store,
      ScheduledExecutorService engine,
      StreamEvents events,
      LongSupplier clock) {
    this.clock = clock;
    this.options = options;
    this.store = store;
    this.engine = engine;
    this.events = events;
    streams = new AdsStreams(store, options.maxBytes());
    server = build(options, new AggregatedDiscovery());
  }

  private static Server build(Options options, BindableService discovery) {
    PeerTls tls = options.tls();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                options.address(),
                tls == null ? InsecureServerCredentials.create() : tls.serverCredentials())
            // Handlers hand over to the engine and never block.
            .directExecutor()
            .intercept(new PeerAddress())
            .handshakeTimeout(10, TimeUnit.SECONDS)
            .maxInboundMessageSize(options.maxRequestBytes())
            .maxConcurrentCallsPerConnection(100)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    if (tls != null) {
      // A client whose CA is not trusted any more needs a new connection, not just a new call.
      builder.maxConnectionIdle(1, TimeUnit.SECONDS);
    }
    Stream.concat(
            Stream.of(new PeerService(PeerRole.ENVOY, discovery)), options.services().stream())
        .forEach(
            service ->
                builder.addService(
                    tls == null
                        ? service.service().bindService()
                        : tls.guard(service)));
    return builder.build();
  }

  /**
   * Starts to listen.
   *
   * @param store what is served; streams wait until it is loaded
   * @param engine the single thread that owns the store; it must outlive the server
   * @param events is told what happens on the streams, on the engine's thread
   * @throws IOException when the address cannot be listened on
   */
  public static XdsServer start(
      Options options, ResourceStore store, ScheduledExecutorService engine, StreamEvents events)
      throws IOException {
    return start(options, store, engine, events, System::nanoTime);
  }

  /** The same with another clock, in nanoseconds, by which the delays of the engine go. */
  static XdsServer start(
      Options options,
      ResourceStore store,
      ScheduledExecutorService engine,
      StreamEvents events,
      LongSupplier clock)
      throws IOException {
    XdsServer server = new XdsServer(options, store, engine, events, clock);
    engine.execute(
        () -> {
          store.listen(server.streams);
          long limit = options.stallLimit().toNanos();
          server.stallChecks =
              engine.scheduleWithFixedDelay(
                  () -> server.streams.dropStalled(clock.getAsLong(), limit),
                  limit / STALL_CHECKS,
                  limit / STALL_CHECKS,
                  TimeUnit.NANOSECONDS);
        });
    server.server.start();
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Who is connected, the oldest stream first. On the engine's thread only. */
  public List<StreamInfo> streams() {
    return streams.infos();
  }

  /**
   * How many clients have a version of a resource. Costs a look-up per stream. On the engine's
   * thread only.
   *
   * @param version null asks for those that do not have the resource (any more)
   */
  public Programmed programmed(Resource.Key key, @Nullable String version) {
    return streams.programmed(key, version);
  }

  /**
   * How many clients have, of each of these resources, one of these versions as the last that they
   * acknowledged. Only clients that asked for listeners count. On the engine's thread only.
   */
  public Programmed programmed(Map<Resource.Key, Set<String>> wanted) {
    return streams.programmed(wanted);
  }

  /** Ends all streams and stops listening; returns after a few seconds at most. */
  @Override
  public void close() {
    server.shutdown();
    try {
      engine.execute(
          () -> {
            store.ignore(streams);
            if (stallChecks != null) {
              stallChecks.cancel(false);
            }
            streams.stop();
          });
    } catch (RejectedExecutionException e) {
      server.shutdownNow();
    }
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private <Q, S> StreamObserver<Q> open(
      Variant variant,
      StreamObserver<S> responses,
      Function<Q, AdsRequest> decode,
      Function<AdsResponse, S> encode) {
    String peer = PEER.get();
    AdsStream machine =
        new AdsStream(
            lastId.incrementAndGet(),
            peer == null ? "" : peer,
            variant,
            store,
            events,
            options.orderLimit().toNanos(),
            options.maxNames(),
            streams::makeRoom);
    Context.CancellableContext call = CALL.get();
    GrpcStream<Q, S> stream =
        new GrpcStream<>(
            machine,
            streams,
            (ServerCallStreamObserver<S>) responses,
            decode,
            encode,
            engine,
            clock,
            () -> reset(call));
    stream.open();
    return stream;
  }

  /** A call that exceeds its deadline is the one that gRPC ends without delivering the rest. */
  private static void reset(Context.@Nullable CancellableContext call) {
    if (call != null) {
      call.cancel(Status.DEADLINE_EXCEEDED.withDescription("stalled").asException());
    }
  }

  private final class AggregatedDiscovery
      extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> responses) {
      return open(Variant.DELTA, responses, DeltaWire::decode, DeltaWire::encode);
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
        StreamObserver<DiscoveryResponse> responses) {
      return open(Variant.SOTW, responses, SotwWire::decode, SotwWire::encode);
    }
  }

  /** Keeps the client's address for the log, and the call to end it. */
  private static final class PeerAddress implements ServerInterceptor {
    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      String peer = RemoteAddress.text(address);
      Context context = Context.current();
      Context named = context.withValue(PEER, peer);
      // It is the server's own: nobody has put another one around it before this.
      if (context instanceof Context.CancellableContext own) {
        named = named.withValue(CALL, own);
      }
      return Contexts.interceptCall(named, call, headers, next);
    }
  }
}
