package io.isoline.controlplane.xds;

import io.grpc.Status;
import io.isoline.controlplane.stream.AdsStream;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.Resource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams that are open. Owned by the engine's thread. */
final class AdsStreams implements ResourceStore.Listener {
  private final ResourceStore store;
  private final Set<GrpcStream<?, ?>> open = new LinkedHashSet<>();
  private final long maxBytes;
  private boolean stopped;

  /** {@code maxBytes} is what the clients of all streams may take together. */
  AdsStreams(ResourceStore store, long maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
  }

  void add(GrpcStream<?, ?> stream) {
    if (stopped) {
      stream.end(Status.UNAVAILABLE.withDescription("the control plane is stopping"));
    } else {
      open.add(stream);
    }
  }

  /**
   * Ends the streams that take the most, of those that take the same the newest, until all together
   * take no more than they may. So a client that wants everything is shown out, and not the one that
   * comes when there is nothing left.
   *
   * @param asking is not ended, as it is in the middle of something
   * @return false when it is the one to be ended
   */
  boolean makeRoom(AdsStream asking) {
    long total = 0;
    for (GrpcStream<?, ?> stream : open) {
      total += stream.machine().bytes();
    }
    while (total > maxBytes) {
      GrpcStream<?, ?> largest = null;
      long most = 0;
      for (GrpcStream<?, ?> stream : open) {
        long bytes = stream.machine().bytes();
        if (bytes >= most) {
          largest = stream;
          most = bytes;
        }
      }
      if (largest == null || largest.machine() == asking) {
        return false;
      }
      largest.takesTooMuch();
      total -= most;
    }
    return true;
  }

  void remove(GrpcStream<?, ?> stream) {
    open.remove(stream);
  }

  /** Before the store is loaded, only the first request of a stream is read. */
  boolean isLoadedOrFresh(AdsStream machine) {
    return store.isLoaded() || machine.info() == null;
  }

  @Override
  public void loaded() {
    List.copyOf(open).forEach(GrpcStream::loaded);
  }

  @Override
  public void changed(List<Resource.Key> keys) {
    List.copyOf(open).forEach(stream -> stream.changed(keys));
  }

  /**
   * Ends the streams whose clients have stalled; {@link XdsServer.Options#stallLimit} says when.
   *
   * @param limit nanoseconds
   */
  void dropStalled(long now, long limit) {
    List.copyOf(open).forEach(stream -> stream.dropIfStalled(now, limit));
  }

  void stop() {
    stopped = true;
    Status status = Status.UNAVAILABLE.withDescription("the control plane is stopping");
    List.copyOf(open).forEach(stream -> stream.end(status));
  }

  List<StreamInfo> infos() {
    return open.stream().map(stream -> stream.machine().info()).filter(Objects::nonNull).toList();
  }

  Programmed programmed(Resource.Key key, @Nullable String version) {
    int acknowledged = 0;
    int rejected = 0;
    int subscribed = 0;
    for (GrpcStream<?, ?> stream : open) {
      AdsStream machine = stream.machine();
      if (machine.isSubscribed(key)) {
        subscribed++;
        acknowledged += machine.isProgrammed(key, version) ? 1 : 0;
        rejected += machine.isRejected(key) ? 1 : 0;
      }
    }
    return new Programmed(acknowledged, rejected, subscribed, open.size());
  }

  Programmed programmed(Map<Resource.Key, Set<String>> wanted) {
    int acknowledged = 0;
    int rejected = 0;
    int subscribed = 0;
    for (GrpcStream<?, ?> stream : open) {
      AdsStream machine = stream.machine();
      if (machine.isProxy()) {
        subscribed++;
        if (wanted.entrySet().stream()
            .allMatch(each -> machine.isAcknowledged(each.getKey(), each.getValue()))) {
          acknowledged++;
        } else if (wanted.keySet().stream().anyMatch(machine::isRejected)) {
          rejected++;
        }
      }
    }
    return new Programmed(acknowledged, rejected, subscribed, open.size());
  }
}
