package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.engine.EngineListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReadinessTest {

  private final Readiness readiness = new Readiness();

  @Test
  void nothingRequired_ready() {
    assertTrue(readiness.isReady());
  }

  @Test
  void condition_missingUntilMetAndAgainLater() {
    Readiness.Condition running = readiness.require("running", "the program starts");
    assertEquals(List.of("running: the program starts"), readiness.missing());
    running.met();
    assertTrue(readiness.isReady());
    running.missing("the program is stopping");
    assertFalse(readiness.isReady());
    assertEquals(List.of("running: the program is stopping"), readiness.missing());
  }

  @Test
  void lookedUpCondition_aLineForEachSentence() {
    List<String> problems = new ArrayList<>(List.of("Ingress: forbidden", "Secret: gone\n  away"));
    readiness.require("objects", () -> List.copyOf(problems));
    readiness.require("running", "the program starts");
    assertEquals(
        List.of(
            "objects: Ingress: forbidden",
            "objects: Secret: gone away",
            "running: the program starts"),
        readiness.missing());
    problems.clear();
    assertEquals(List.of("running: the program starts"), readiness.missing());
  }

  @Test
  void engine_missingUntilItHasLoaded() {
    EngineListener listener = readiness.requireEngine();
    assertEquals(1, readiness.missing().size());
    assertTrue(readiness.missing().getFirst().startsWith("engine: "));
    listener.loaded();
    assertTrue(readiness.isReady());
  }
}
