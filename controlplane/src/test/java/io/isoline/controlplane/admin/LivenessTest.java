package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class LivenessTest {

  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final List<CompletableFuture<String>> asked = new ArrayList<>();

  private CompletableFuture<String> ask() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  @Test
  void answered_alive() throws Exception {
    Liveness liveness = new Liveness(() -> CompletableFuture.completedFuture("here"), LONG, LONG);
    assertEquals(new Liveness.Finding(true, "ok"), liveness.check());
  }

  @Test
  void busy_aliveAndAskedOnce() throws Exception {
    Liveness liveness = new Liveness(this::ask, SHORT, LONG);
    for (int probe = 0; probe < 3; probe++) {
      Liveness.Finding finding = liveness.check();
      assertTrue(finding.alive());
      assertTrue(finding.words().contains("has not answered for"), finding.words());
    }
    assertEquals(1, asked.size());
  }

  @Test
  void answeredLate_aliveAndAskedAgain() throws Exception {
    Liveness liveness = new Liveness(this::ask, SHORT, LONG);
    liveness.check();
    asked.getFirst().complete("here");
    liveness.check();
    assertEquals(2, asked.size());
  }

  @Test
  void silentForTheLimit_dead() throws Exception {
    Liveness liveness = new Liveness(this::ask, SHORT, SHORT);
    assertFalse(liveness.check().alive());
  }

  @Test
  void threadEnded_dead() throws Exception {
    Liveness liveness =
        new Liveness(
            () -> {
              throw new RejectedExecutionException("shut down");
            },
            LONG,
            LONG);
    Liveness.Finding finding = liveness.check();
    assertFalse(finding.alive());
    assertTrue(finding.words().contains("has ended"), finding.words());
  }
}
