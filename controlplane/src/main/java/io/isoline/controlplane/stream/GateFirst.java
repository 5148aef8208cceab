package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds back listeners and extensions that replace others until the client has the current
 * {@link Resource#GATE}, without which new ones would answer 404. A client that has none yet asks
 * for the gate because of them, so its first ones go. A gate that is refused, or whose scope is
 * refused, holds nothing up, and no gate does for longer than the limit.
 *
 * <p>Owned by the engine's thread.
 */
final class GateFirst {

  private final TypeState scopes;
  private final TypeState routes;
  private final ResourceStore store;
  private final long limit;

  private @Nullable Long heldSince;
  private boolean waiting;

  GateFirst(TypeState scopes, TypeState routes, ResourceStore store, long limitNanos) {
    this.scopes = scopes;
    this.routes = routes;
    this.store = store;
    limit = limitNanos;
  }

  /** Begins a round, in which some of these may be held back. */
  void round(long now, TypeState listeners, TypeState extensions) {
    if (isOnItsWay() && (isReplacing(listeners) || isReplacing(extensions))) {
      heldSince = heldSince == null ? Long.valueOf(now) : heldSince;
      waiting = now - heldSince < limit;
    } else {
      heldSince = null;
      waiting = false;
    }
  }

  boolean holds(TypeState state) {
    return waiting && isReplacing(state);
  }

  /** When nothing is held back any more, whatever happens. */
  OptionalLong end() {
    return waiting && heldSince != null
        ? OptionalLong.of(heldSince + limit)
        : OptionalLong.empty();
  }

  private boolean isOnItsWay() {
    Resource gate = store.find(Resource.GATE.type(), Resource.GATE.name());
    return gate != null
        && !routes.isProgrammed(gate.name(), gate.version())
        && !routes.isRejected(gate.name())
        && !scopes.isRejected(gate.name());
  }

  private static boolean isReplacing(TypeState state) {
    return !state.upserts().isEmpty() && (state.holdsAny() || state.isReturning());
  }
}
