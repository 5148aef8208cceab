package io.isoline.controlplane.replicas;

import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's side: other replicas report here, each by one stream for as long as it lives. A
 * replica that does not lead refuses.
 *
 * <p>gRPC's threads only hand over to the one thread that owns everything here. The next report is
 * asked for when the last one was taken, so a flood cannot fill the memory.
 */
public final class ReplicaService implements BindableService {

  private static final Logger log = LoggerFactory.getLogger(ReplicaService.class);

  /** One client stream of reports; there is no answer but its end. */
  static final MethodDescriptor<Struct, Empty> REPORT =
      MethodDescriptor.<Struct, Empty>newBuilder()
          .setType(MethodType.CLIENT_STREAMING)
          .setFullMethodName(
              MethodDescriptor.generateFullMethodName("isoline.controlplane.Replicas", "Report"))
          .setRequestMarshaller(ProtoUtils.marshaller(Struct.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
          .build();

  private static final Status NOT_LEADING =
      Status.FAILED_PRECONDITION.withDescription("this replica does not lead");

  /** More would not be replicas. */
  private static final int MAX_REPLICAS = 100;

  /** So many Ingresses no cluster has. */
  private static final int MAX_OBJECTS = 1_000_000;

  /** Is told what other replicas say, on the service's thread. */
  public interface Listener {
    /** A replica has said something; its number is a new one after each connect. */
    void reported(long replica, ReplicaReport report);

    /** A replica is no longer connected. */
    void left(long replica);
  }

  private final Executor thread;
  private final BooleanSupplier leading;
  private final Parties parties;
  private final Listener listener;

  // Owned by the thread.
  private final Map<Long, Reports> replicas = new HashMap<>();
  private long lastReplica;

  /**
   * A service that waits for calls.
   *
   * @param thread the one that owns the parties and the listener
   * @param leading whether this replica leads; asked on the thread
   */
  public ReplicaService(
      Executor thread, BooleanSupplier leading, Parties parties, Listener listener) {
    this.thread = thread;
    this.leading = leading;
    this.parties = parties;
    this.listener = listener;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(REPORT.getServiceName())
        .addMethod(REPORT, ServerCalls.asyncClientStreamingCall(this::open))
        .build();
  }

  /** How many replicas are connected. On the thread only. */
  public int size() {
    return replicas.size();
  }

  /** Sends all replicas away, as this one no longer leads. On the thread only. */
  public void sendAway() {
    List.copyOf(replicas.values()).forEach(reports -> reports.end(NOT_LEADING));
  }

  private StreamObserver<Struct> open(StreamObserver<Empty> responses) {
    ServerCallStreamObserver<Empty> call = (ServerCallStreamObserver<Empty>) responses;
    call.disableAutoRequest();
    Reports reports = new Reports(call);
    call.setOnCancelHandler(() -> thread.execute(() -> reports.end(Status.CANCELLED)));
    thread.execute(reports::begin);
    return reports;
  }

  /** One stream. gRPC calls it on threads of its own. */
  private final class Reports implements StreamObserver<Struct> {
    private final ServerCallStreamObserver<Empty> responses;

    // Owned by the thread.
    private long replica;
    private boolean ended;

    Reports(ServerCallStreamObserver<Empty> responses) {
      this.responses = responses;
    }

    private void begin() {
      if (!leading.getAsBoolean()) {
        end(NOT_LEADING);
      } else if (replicas.size() >= MAX_REPLICAS) {
        end(Status.RESOURCE_EXHAUSTED.withDescription("too many replicas"));
      } else if (!ended) {
        replica = ++lastReplica;
        replicas.put(replica, this);
        responses.request(1);
      }
    }

    @Override
    public void onNext(Struct struct) {
      thread.execute(() -> take(struct));
    }

    private void take(Struct struct) {
      if (ended) {
        return;
      }
      try {
        listener.reported(replica, ReportWire.decode(struct));
      } catch (IllegalArgumentException e) {
        log.warn("a replica sends reports that this version cannot read: {}", e.getMessage());
        end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        return;
      }
      if (parties.size(replica) > MAX_OBJECTS) {
        end(Status.RESOURCE_EXHAUSTED.withDescription("too many objects"));
      } else {
        responses.request(1);
      }
    }

    @Override
    public void onError(Throwable error) {
      thread.execute(() -> end(Status.CANCELLED));
    }

    @Override
    public void onCompleted() {
      thread.execute(() -> end(Status.OK));
    }

    private void end(Status why) {
      if (ended) {
        return;
      }
      ended = true;
      if (replicas.remove(replica) != null) {
        listener.left(replica);
      }
      if (responses.isCancelled()) {
        return;
      }
      if (why.isOk()) {
        responses.onNext(Empty.getDefaultInstance());
        responses.onCompleted();
      } else {
        responses.onError(why.asRuntimeException());
      }
    }
  }
}
