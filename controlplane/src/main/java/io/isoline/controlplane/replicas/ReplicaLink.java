package io.isoline.controlplane.replicas;

import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.isoline.controlplane.peers.PeerRole;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.translator.ObjectRef;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to the leader, from a replica that does not lead. After each connect it reports
 * everything, then what changes. Only the names of objects wait to be reported, so a leader that
 * does not listen costs no more memory than that.
 *
 * <p>Owned by one thread, that of the parties; gRPC's threads only hand over.
 */
public final class ReplicaLink {

  private static final Logger log = LoggerFactory.getLogger(ReplicaLink.class);

  /** How many objects are in one message. */
  private static final int BATCH = 500;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** After this time a connection counts as a good one. */
  private static final Duration PROVEN = Duration.ofSeconds(10);

  /** After this time there is another leader, if the one that does not answer is gone. */
  private static final Duration NEWS = Duration.ofSeconds(25);

  private final Parties parties;
  private final @Nullable PeerTls tls;
  private final ScheduledExecutorService thread;
  private final Set<ObjectRef> unsaid = new LinkedHashSet<>();

  private @Nullable ReplicaAddress leader;
  private @Nullable Connection connection;
  private @Nullable ScheduledFuture<?> retry;
  private Duration pause = FIRST_PAUSE;
  private long goodUntil;
  private boolean complained;

  /**
   * Connects to nobody yet.
   *
   * @param tls that of the leader's port; null when it has none. It must outlive the link
   * @param thread the one that owns the parties
   */
  public ReplicaLink(Parties parties, @Nullable PeerTls tls, ScheduledExecutorService thread) {
    this.parties = parties;
    this.tls = tls;
    this.thread = thread;
  }

  /** Reports to this replica from now on; null for none. */
  public void follow(@Nullable ReplicaAddress address) {
    if (address == null ? leader == null : address.equals(leader)) {
      return;
    }
    leader = address;
    if (retry != null) {
      retry.cancel(false);
    }
    disconnect();
    pause = FIRST_PAUSE;
    complained = false;
    goodUntil = System.nanoTime();
    if (address != null) {
      connect();
    }
  }

  /** Whether a leader has been told everything, or is being told. */
  public boolean isConnected() {
    return connection != null && connection.ready;
  }

  /**
   * Notes that the parties have something else to say of these objects, or that the number of
   * Envoys is another.
   */
  public void changed(Collection<ObjectRef> objects) {
    if (connection != null) {
      unsaid.addAll(objects);
      connection.greeted = false;
      connection.send();
    }
  }

  private void connect() {
    if (leader == null) {
      return;
    }
    log.debug("reports to {}", leader);
    unsaid.clear();
    unsaid.addAll(parties.objectsHere());
    connection = new Connection(leader);
    connection.open();
  }

  private void disconnect() {
    if (connection != null) {
      Connection old = connection;
      connection = null;
      old.close();
    }
  }

  private void lost(Connection which, Status status) {
    if (which != connection || leader == null) {
      return;
    }
    disconnect();
    log.debug("the connection to {} ended: {}", leader, words(status));
    if (System.nanoTime() - which.since >= PROVEN.toNanos()) {
      pause = FIRST_PAUSE;
      complained = false;
      goodUntil = System.nanoTime();
    }
    // One that does not lead any more does no harm.
    if (System.nanoTime() - goodUntil >= NEWS.toNanos()
        && !complained
        && status.getCode() != Status.Code.FAILED_PRECONDITION) {
      complained = true;
      log.warn(
          "the leading replica {} cannot be told what our Envoys have ({}), so it may give"
              + " Ingresses an address too early; tried again",
          leader,
          words(status));
    }
    long millis = pause.toMillis();
    retry =
        thread.schedule(
            this::connect,
            millis / 2 + ThreadLocalRandom.current().nextLong(millis),
            TimeUnit.MILLISECONDS);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }

  private static String words(Status status) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    return status.getCode()
        + (description == null ? "" : ": " + description)
        + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }

  private ManagedChannel channel(ReplicaAddress address) {
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilderForAddress(
            address.host(),
            address.port(),
            tls == null ? InsecureChannelCredentials.create() : tls.channelCredentials());
    if (tls != null) {
      builder.overrideAuthority(PeerRole.REPLICA.dnsName());
    }
    return builder
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
  }

  private final class Connection implements ClientResponseObserver<Struct, Empty> {
    private final ManagedChannel channel;
    private final long since = System.nanoTime();
    private @Nullable ClientCallStreamObserver<Struct> requests;
    private boolean ready;
    private boolean greeted;

    Connection(ReplicaAddress address) {
      channel = channel(address);
    }

    void open() {
      var _ =
          ClientCalls.asyncClientStreamingCall(
              channel.newCall(ReplicaService.REPORT, CallOptions.DEFAULT), this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Struct> stream) {
      // Still on the thread of open(); what follows comes from gRPC's.
      requests = stream;
      stream.setOnReadyHandler(() -> thread.execute(this::send));
    }

    void send() {
      ClientCallStreamObserver<Struct> stream = requests;
      if (this != connection || stream == null) {
        return;
      }
      while (stream.isReady() && (!greeted || !unsaid.isEmpty())) {
        ready = true;
        List<ObjectRef> batch = unsaid.stream().limit(BATCH).toList();
        stream.onNext(ReportWire.encode(parties.reportOf(batch)));
        Iterator<ObjectRef> said = unsaid.iterator();
        for (int i = 0; i < batch.size(); i++) {
          said.next();
          said.remove();
        }
        greeted = true;
      }
    }

    void close() {
      if (requests != null) {
        requests.cancel("this replica reports to another one, or stops", null);
      }
      channel.shutdownNow();
    }

    @Override
    public void onNext(Empty end) {}

    @Override
    public void onError(Throwable error) {
      thread.execute(() -> lost(this, Status.fromThrowable(error)));
    }

    @Override
    public void onCompleted() {
      thread.execute(() -> lost(this, Status.OK));
    }
  }
}
