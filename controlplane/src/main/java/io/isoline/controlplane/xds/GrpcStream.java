package io.isoline.controlplane.xds;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.stream.AdsRequest;
import io.isoline.controlplane.stream.AdsResponse;
import io.isoline.controlplane.stream.AdsStream;
import io.isoline.translator.Resource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one {@link AdsStream} over gRPC. gRPC's threads only hand over; the fields belong to the
 * engine's thread.
 *
 * <p>The next request is asked for when the last one was handled and the client reads what it is
 * sent. With that, and with one unanswered response per type, neither a flood of requests nor a
 * client that does not read can fill the memory. A client that does not answer, or does not read,
 * for too long is dropped.
 *
 * @param <Q> the variant's request
 * @param <S> the variant's response
 */
final class GrpcStream<Q, S> implements StreamObserver<Q> {
  private static final Logger log = LoggerFactory.getLogger(GrpcStream.class);

  private final AdsStream machine;
  private final AdsStreams streams;
  private final ServerCallStreamObserver<S> responses;
  private final Function<Q, AdsRequest> decode;
  private final Function<AdsResponse, S> encode;
  private final ScheduledExecutorService engine;
  private final LongSupplier clock;
  private final Runnable reset;

  private boolean closed;

  /** When it was first seen that the client leaves unread what it was sent; null when it reads. */
  private @Nullable Long unreadSince;

  private boolean wantsRequest = true;
  private @Nullable ScheduledFuture<?> timer;
  private OptionalLong timerAt = OptionalLong.empty();

  /**
   * A stream that is not {@linkplain #open open} yet.
   *
   * @param clock nanoseconds of an arbitrary origin, by which the engine's delays go
   * @param reset ends the call at once and drops what has not been sent. A call that is ended in
   *     the ordinary way first delivers that, which a client that does not read never lets happen
   */
  GrpcStream(
      AdsStream machine,
      AdsStreams streams,
      ServerCallStreamObserver<S> responses,
      Function<Q, AdsRequest> decode,
      Function<AdsResponse, S> encode,
      ScheduledExecutorService engine,
      LongSupplier clock,
      Runnable reset) {
    this.machine = machine;
    this.streams = streams;
    this.responses = responses;
    this.decode = decode;
    this.encode = encode;
    this.engine = engine;
    this.clock = clock;
    this.reset = reset;
  }

  /** Called by the gRPC thread that has the new call. */
  void open() {
    responses.disableAutoRequest();
    responses.setOnReadyHandler(() -> handOver(this::ready));
    responses.setOnCancelHandler(() -> handOver(this::close));
    handOver(() -> streams.add(this));
  }

  // gRPC's threads.

  @Override
  public void onNext(Q request) {
    AdsRequest decoded = decode.apply(request);
    handOver(
        () -> {
          wantsRequest = true;
          run(() -> machine.request(decoded, clock.getAsLong()));
          requestNext();
        });
  }

  @Override
  public void onError(Throwable failure) {
    handOver(this::close);
  }

  @Override
  public void onCompleted() {
    handOver(() -> end(null));
  }

  private void handOver(Runnable task) {
    try {
      engine.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("a stream has something to say after the end of the engine", e);
    }
  }

  // The engine's thread.

  void loaded() {
    run(() -> machine.loaded(clock.getAsLong()));
    requestNext();
  }

  void changed(List<Resource.Key> keys) {
    run(() -> machine.changed(keys, clock.getAsLong()));
  }

  private void ready() {
    unreadSince = null;
    requestNext();
  }

  void dropIfStalled(long now, long limit) {
    OptionalLong unanswered = machine.unansweredSince();
    if (responses.isReady()) {
      unreadSince = null;
    } else if (unreadSince == null) {
      unreadSince = now;
    }
    if (unreadSince != null && now - unreadSince >= limit) {
      drop("has not read what it was sent", now - unreadSince);
    } else if (unanswered.isPresent()
        && now - unanswered.getAsLong() >= XdsServer.ANSWER_LIMITS * limit) {
      drop("has not answered a response", now - unanswered.getAsLong());
    }
  }

  /**
   * Ends a stream that takes too much memory. What its client has not read is not kept, as the
   * memory is wanted now.
   */
  void takesTooMuch() {
    String reason = machine.tooMuchMemory();
    log.warn("{}; the stream is closed", reason);
    boolean reads = responses.isReady();
    end(Status.RESOURCE_EXHAUSTED.withDescription(reason));
    if (!reads) {
      reset.run();
    }
  }

  private void drop(String what, long nanos) {
    String reason =
        "%s %s for %d s; the stream is closed"
            .formatted(machine, what, TimeUnit.NANOSECONDS.toSeconds(nanos));
    log.warn(reason);
    end(Status.RESOURCE_EXHAUSTED.withDescription(reason));
    if (unreadSince != null) {
      reset.run();
    }
  }

  private void run(Supplier<AdsStream.Output> step) {
    if (closed) {
      return;
    }
    try {
      AdsStream.Output output = step.get();
      for (AdsResponse response : output.responses()) {
        responses.onNext(encode.apply(response));
      }
      schedule(output.deadline());
    } catch (AdsStream.TooManyNames e) {
      log.warn("{}; the stream is closed", e.getMessage());
      end(Status.RESOURCE_EXHAUSTED.withDescription(e.getMessage()));
    } catch (RuntimeException e) {
      if (responses.isCancelled()) {
        close();
      } else {
        log.error("{} is closed because of a defect in Isoline", machine, e);
        end(Status.INTERNAL.withDescription("a defect in the control plane; see its log"));
      }
    }
  }

  /** Asks for a request, unless the one before is being handled or what is sent piles up. */
  private void requestNext() {
    if (!closed && wantsRequest && responses.isReady() && streams.isLoadedOrFresh(machine)) {
      wantsRequest = false;
      responses.request(1);
    }
  }

  private void schedule(OptionalLong deadline) {
    if (deadline.equals(timerAt)) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    timerAt = deadline;
    if (deadline.isPresent()) {
      timer =
          engine.schedule(
              () -> {
                timerAt = OptionalLong.empty();
                run(() -> machine.tick(clock.getAsLong()));
              },
              Math.max(0, deadline.getAsLong() - clock.getAsLong()),
              TimeUnit.NANOSECONDS);
    }
  }

  /** Ends the call from our side; null for a friendly end. */
  void end(@Nullable Status status) {
    if (closed) {
      return;
    }
    close();
    try {
      if (status == null) {
        responses.onCompleted();
      } else {
        responses.onError(status.asRuntimeException());
      }
    } catch (RuntimeException e) {
      log.debug("{} had ended already", machine, e);
    }
  }

  private void close() {
    if (!closed) {
      closed = true;
      schedule(OptionalLong.empty());
      streams.remove(this);
      machine.closed();
    }
  }

  AdsStream machine() {
    return machine;
  }
}
