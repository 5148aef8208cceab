package io.isoline.controlplane.peers;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Closes connections when a certificate expires. For any thread. */
final class Expiries {

  private final Map<Runnable, Instant> ends = new ConcurrentHashMap<>();

  /** Calls {@code close} soon after a time, unless it is withdrawn. */
  void add(Runnable close, Instant end) {
    ends.put(close, end);
  }

  void withdraw(Runnable close) {
    ends.remove(close);
  }

  /** Closes the connections whose time has come. */
  void look(Instant now) {
    ends.forEach(
        (close, end) -> {
          if (!end.isAfter(now) && ends.remove(close, end)) {
            close.run();
          }
        });
  }
}
