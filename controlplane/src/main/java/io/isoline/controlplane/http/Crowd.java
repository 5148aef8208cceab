package io.isoline.controlplane.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the connections of a server, and chooses the one to close when there are too many: one of
 * the address that has the most. So a client that opens thousands loses its own, and a client with
 * one is served. Of an address, the connection that has been silent longest goes first, then the
 * one that has waited longest for its answer.
 *
 * <p>Not for several threads at a time.
 *
 * @param <A> addresses
 * @param <C> connections
 */
final class Crowd<A, C> {

  private static final class Party<C> {
    final Set<C> silent = new LinkedHashSet<>();
    final Set<C> asking = new LinkedHashSet<>();

    int size() {
      return silent.size() + asking.size();
    }
  }

  private final int limit;
  private final Map<A, Party<C>> parties = new LinkedHashMap<>();
  private int size;

  Crowd(int limit) {
    this.limit = limit;
  }

  /** Takes a connection in; returns the one that has to go for it, or null. */
  @Nullable C enter(A from, C connection) {
    C leaver = size < limit ? null : leaver();
    parties.computeIfAbsent(from, any -> new Party<>()).silent.add(connection);
    size++;
    return leaver;
  }

  /** Notes that a connection has asked for something and waits. */
  void asks(A from, C connection) {
    Party<C> party = parties.get(from);
    if (party != null && party.silent.remove(connection)) {
      party.asking.add(connection);
    }
  }

  /** Forgets a closed connection; no effect when it has been forgotten before. */
  void leave(A from, C connection) {
    Party<C> party = parties.get(from);
    if (party != null && (party.silent.remove(connection) || party.asking.remove(connection))) {
      size--;
      if (party.size() == 0) {
        parties.remove(from);
      }
    }
  }

  int size() {
    return size;
  }

  private @Nullable C leaver() {
    Party<C> largest = null;
    for (Party<C> party : parties.values()) {
      if (largest == null || party.size() > largest.size()) {
        largest = party;
      }
    }
    if (largest == null) {
      return null;
    }
    Iterator<C> oldest =
        (largest.silent.isEmpty() ? largest.asking : largest.silent).iterator();
    return oldest.hasNext() ? oldest.next() : null;
  }
}
