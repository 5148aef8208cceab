package io.isoline.controlplane.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.peers.TlsRefusals.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the log says of clients that are refused, and how often. */
class TlsRefusalsTest {

  private final AtomicLong clock = new AtomicLong();
  private final List<String> log = new ArrayList<>();
  private final TlsRefusals refusals = new TlsRefusals(log::add, clock::get);

  @Test
  void refused_manyOfOneKind_aLineAMinuteWithTheNumberOfTheOthers() {
    for (int second = 0; second <= 60; second++) {
      clock.set(TimeUnit.SECONDS.toNanos(second));
      refusals.refused("10.0.0.1:5", Reason.NO_CERTIFICATE, null);
    }
    assertEquals(
        List.of(
            "client 10.0.0.1:5 is refused: it shows no certificate",
            "client 10.0.0.1:5 is refused: it shows no certificate (and 59 more before)"),
        log);
    assertEquals(61, refusals.total());
  }

  @Test
  void refused_forDifferentReasons_aLineEach() {
    refusals.refused("10.0.0.1:5", Reason.NO_CERTIFICATE, null);
    refusals.refused("10.0.0.2:6", Reason.OTHER, "detail");
    assertEquals(
        List.of(
            "client 10.0.0.1:5 is refused: it shows no certificate",
            "client 10.0.0.2:6 is refused: the TLS handshake failed: detail"),
        log);
  }
}
