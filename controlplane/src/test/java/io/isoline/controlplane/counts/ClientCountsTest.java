package io.isoline.controlplane.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.access.Admission;
import org.junit.jupiter.api.Test;

class ClientCountsTest {

  private final ClientCounts counts = new ClientCounts(new Admission(new Admission.Limits(4, 3, 0)));

  private static ClientCounts.Key key(String counter, String client) {
    return new ClientCounts.Key(counter, client);
  }

  @Test
  void enter_moreThanTheLimit_isRefusedUntilOneLeaves() {
    ClientCounts.Key ada = key("a/web", "192.0.2.1");
    assertTrue(counts.enter(ada, 2));
    assertTrue(counts.enter(ada, 2));
    assertFalse(counts.enter(ada, 2));
    counts.leave(ada);
    assertTrue(counts.enter(ada, 2));
  }

  @Test
  void enter_anotherClientOrCounter_isCountedApart() {
    assertTrue(counts.enter(key("a/web", "192.0.2.1"), 1));
    assertTrue(counts.enter(key("a/web", "192.0.2.2"), 1));
    assertTrue(counts.enter(key("a/other", "192.0.2.1"), 1));
    assertFalse(counts.enter(key("a/web", "192.0.2.1"), 1));
  }

  @Test
  void enter_aNamespaceWithManyUnderWay_leavesRoomForOthers() {
    for (int i = 0; i < 3; i++) {
      assertTrue(counts.enter(key("a/web", "192.0.2." + i), 1));
    }
    assertFalse(counts.enter(key("a/other", "192.0.2.9"), 1));
    assertTrue(counts.enter(key("b/web", "192.0.2.9"), 1));
    assertFalse(counts.enter(key("c/web", "192.0.2.9"), 1), "all together");
  }

  @Test
  void leave_theLast_forgetsTheClient() {
    ClientCounts.Key ada = key("a/web", "192.0.2.1");
    counts.enter(ada, 2);
    counts.enter(ada, 2);
    assertEquals(1, counts.clients());
    counts.leave(ada);
    assertEquals(1, counts.clients());
    counts.leave(ada);
    assertEquals(0, counts.clients());
  }
}
