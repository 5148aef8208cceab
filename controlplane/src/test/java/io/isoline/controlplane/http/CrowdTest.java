package io.isoline.controlplane.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

final class CrowdTest {

  private final Crowd<String, String> crowd = new Crowd<>(3);

  @Test
  void enter_whileThereIsRoom_nobodyGoes() {
    assertNull(crowd.enter("a", "a1"));
    assertNull(crowd.enter("a", "a2"));
    assertNull(crowd.enter("b", "b1"));
    assertEquals(3, crowd.size());
  }

  @Test
  void enter_full_theAddressWithMostLosesItsOldest() {
    crowd.enter("b", "b1");
    crowd.enter("a", "a1");
    crowd.enter("a", "a2");
    assertEquals("a1", crowd.enter("c", "c1"));
  }

  @Test
  void enter_full_whoHasAskedStaysBeforeWhoIsSilent() {
    crowd.enter("a", "a1");
    crowd.enter("a", "a2");
    crowd.enter("a", "a3");
    crowd.asks("a", "a1");
    assertEquals("a2", crowd.enter("a", "a4"));
  }

  @Test
  void enter_fullOfThoseThatWait_theOldestGoesAndNotTheNewcomer() {
    for (String connection : new String[] {"a1", "a2", "a3"}) {
      crowd.enter("a", connection);
      crowd.asks("a", connection);
    }
    assertEquals("a1", crowd.enter("b", "b1"));
  }

  @Test
  void leave_makesRoomOnce() {
    crowd.enter("a", "a1");
    crowd.enter("a", "a2");
    crowd.asks("a", "a2");
    crowd.enter("b", "b1");
    crowd.leave("a", "a2");
    crowd.leave("a", "a2");
    crowd.leave("c", "c1");
    assertEquals(2, crowd.size());
    assertNull(crowd.enter("c", "c1"));
  }
}
