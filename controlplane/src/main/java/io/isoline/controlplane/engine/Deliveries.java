package io.isoline.controlplane.engine;

import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.xds.Programmed;
import io.isoline.translator.Change;
import io.isoline.translator.Resource;
import io.isoline.translator.Update;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows each batch until all Envoys have answered. Owned by the engine's thread.
 *
 * <p>A batch's resources are asked about one after the other, and none again once it is settled, so
 * following a batch costs what the batch is. Of the resources only names and versions are kept: an
 * Envoy that does not answer in a storm leaves many batches open until its connection is given up.
 */
final class Deliveries {

  /** How far a version of a resource has come; null is that of a resource which is gone. */
  interface Reach extends BiFunction<Resource.Key, @Nullable String, Programmed> {}

  private final ResourceStore store;
  private final Reach reach;
  private final IntSupplier envoys;
  private final Deque<Open> open = new ArrayDeque<>();

  /**
   * Follows nothing yet.
   *
   * @param envoys how many are connected
   */
  Deliveries(ResourceStore store, Reach reach, IntSupplier envoys) {
    this.store = store;
    this.reach = reach;
    this.envoys = envoys;
  }

  private static final class Open {
    final List<Change> changes;
    final int resources;
    final long since;
    final Deque<Item> items = new ArrayDeque<>();
    int rejected;

    Open(List<Change> changes, Update update, long since) {
      this.changes = changes;
      this.since = since;
      update.changed().forEach(r -> items.add(new Item(r.key(), r.version())));
      update.removed().forEach(key -> items.add(new Item(key, null)));
      this.resources = items.size();
    }
  }

  /** A resource on its way; the version is null for one that is to go. */
  private record Item(Resource.Key key, @Nullable String version) {}

  /** Follows a batch from now on. */
  void follow(List<Change> changes, Update update, long since) {
    open.add(new Open(changes, update, since));
  }

  /** Batches that have come to their end since the last call, in their order. */
  List<Delivery> settled(long now) {
    List<Delivery> settled = new ArrayList<>();
    int connected = envoys.getAsInt();
    for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
      Open batch = each.next();
      settle(batch);
      if (batch.items.isEmpty()) {
        each.remove();
        settled.add(
            new Delivery(
                batch.changes,
                batch.resources,
                connected,
                batch.rejected,
                Duration.ofNanos(now - batch.since)));
      }
    }
    return settled;
  }

  private void settle(Open batch) {
    for (Item item = batch.items.peek(); item != null; item = batch.items.peek()) {
      Resource current = store.find(item.key());
      String version = current == null ? null : current.version();
      if (Objects.equals(version, item.version())) {
        Programmed programmed = reach.apply(item.key(), version);
        if (programmed.acknowledged() + programmed.rejected() < programmed.subscribed()) {
          return;
        }
        batch.rejected += version != null && programmed.rejected() > 0 ? 1 : 0;
      }
      batch.items.remove();
    }
  }
}
