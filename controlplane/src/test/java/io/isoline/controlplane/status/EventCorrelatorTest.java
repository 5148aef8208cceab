package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.status.EventCorrelator.Step;
import io.isoline.controlplane.status.RecordedEvent.Remark;
import io.isoline.translator.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class EventCorrelatorTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final EventCorrelator correlator = new EventCorrelator();

  @Test
  void next_first_isCreated() {
    RecordedEvent event = created(correlator.next(remark("a"), NOW));
    assertEquals(1, event.count());
    assertEquals(NOW, event.first());
    assertEquals("default", event.namespace());
    assertTrue(event.name().startsWith("web."), event.name());
  }

  @Test
  void next_theSameAgain_countsUp() {
    RecordedEvent first = created(correlator.next(remark("a"), NOW));
    Instant later = NOW.plusSeconds(5);
    RecordedEvent second = updated(correlator.next(remark("a"), later));
    assertEquals(first.name(), second.name());
    assertEquals(2, second.count());
    assertEquals(NOW, second.first());
    assertEquals(later, second.last());
  }

  @Test
  void next_tenSimilarOnes_areCombined() {
    for (int i = 1; i < 10; i++) {
      created(correlator.next(remark("a" + i), NOW));
    }
    RecordedEvent combined = created(correlator.next(remark("a10"), NOW));
    assertEquals(EventCorrelator.COMBINED + "a10", combined.message());
    RecordedEvent next = updated(correlator.next(remark("a11"), NOW));
    assertEquals(combined.name(), next.name());
    assertEquals(EventCorrelator.COMBINED + "a11", next.message());
    assertEquals(2, next.count());
  }

  @Test
  void next_similarOnesFarApart_areNotCombined() {
    for (int i = 0; i < 30; i++) {
      created(correlator.next(remark("a" + i), NOW.plus(Duration.ofMinutes(11L * i))));
    }
  }

  @Test
  void next_more25OfOneObject_areDroppedUntilSomeTimeHasPassed() {
    for (int i = 0; i < EventCorrelator.BURST; i++) {
      assertFalse(correlator.next(remark("a"), NOW) instanceof Step.Drop);
    }
    assertInstanceOf(Step.Drop.class, correlator.next(remark("a"), NOW));
    assertFalse(
        correlator.next(remark("a"), NOW.plus(EventCorrelator.REFILL)) instanceof Step.Drop);
    assertInstanceOf(
        Step.Drop.class, correlator.next(remark("a"), NOW.plus(EventCorrelator.REFILL)));
  }

  @Test
  void next_anotherObject_isNotConcerned() {
    for (int i = 0; i < 100; i++) {
      correlator.next(remark("a"), NOW);
    }
    created(correlator.next(of(ObjectRef.ingress("default", "other"), "uid-2", "a"), NOW));
  }

  @Test
  void seed_theSameIsSaid_countsUpTheEventOfBefore() {
    correlator.seed(new RecordedEvent("web.1", remark("a"), "a", 7, NOW, NOW));
    assertTrue(correlator.knows(remark("a")));
    assertFalse(correlator.knows(of(WEB, "uid-of-a-new-one", "a")));
    RecordedEvent event = updated(correlator.next(remark("a"), NOW.plusSeconds(1)));
    assertEquals("web.1", event.name());
    assertEquals(8, event.count());
  }

  @Test
  void next_longMessage_isCut() {
    RecordedEvent event = created(correlator.next(remark("x".repeat(5000)), NOW));
    assertEquals(1024, event.message().length());
  }

  @Test
  void next_cutInTheMiddleOfACharacter_leavesItOut() {
    String message = "x".repeat(1022) + "😀" + "y".repeat(100);
    RecordedEvent event = created(correlator.next(remark(message), NOW));
    assertEquals("x".repeat(1022) + "…", event.message());
  }

  @Test
  void next_longName_isAValidName() {
    ObjectRef longest =
        ObjectRef.ingress("default", ("a".repeat(60) + "-.").repeat(4) + "b".repeat(5));
    String name = created(correlator.next(of(longest, "uid", "a"), NOW)).name();
    assertTrue(name.length() <= 253, name);
    assertTrue(name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?"), name);
    assertFalse(name.contains("-.") && name.lastIndexOf("-.") > 240, name);
  }

  private static RecordedEvent created(Step step) {
    return assertInstanceOf(Step.Create.class, step).event();
  }

  private static RecordedEvent updated(Step step) {
    return assertInstanceOf(Step.Update.class, step).event();
  }

  private static Remark remark(String message) {
    return of(WEB, "uid-1", message);
  }

  private static Remark of(ObjectRef object, String uid, String message) {
    return new Remark(object, "networking.k8s.io/v1", uid, "1", "spec", true, "Conflict", message);
  }
}
