package io.isoline.controlplane.counts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.access.Admission;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests that are under way, by counter and client.
 *
 * <p>For any thread.
 */
final class ClientCounts {

  private final Admission admission;

  @GuardedBy("this")
  private final Map<Key, Integer> counts = new HashMap<>();

  /**
   * @param admission how many of all clients may be under way
   */
  ClientCounts(Admission admission) {
    this.admission = admission;
  }

  /**
   * Whose requests are counted together.
   *
   * @param counter {@code NAMESPACE/NAME}
   * @param client an address
   */
  record Key(String counter, String client) {

    private String namespace() {
      return counter.substring(0, Math.max(0, counter.indexOf('/')));
    }
  }

  /**
   * Whether one more may be under way; {@link #leave} is to follow then.
   *
   * @param most how many the client may have
   */
  synchronized boolean enter(Key key, int most) {
    int own = counts.getOrDefault(key, 0);
    if (own >= most || !admission.enter(key.namespace(), 0)) {
      return false;
    }
    counts.put(key, own + 1);
    return true;
  }

  synchronized void leave(Key key) {
    counts.computeIfPresent(key, (same, own) -> own == 1 ? null : own - 1);
    admission.leave(key.namespace(), 0);
  }

  /** How many clients have anything under way. */
  synchronized int clients() {
    return counts.size();
  }
}
