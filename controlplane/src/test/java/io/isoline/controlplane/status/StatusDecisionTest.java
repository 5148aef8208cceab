package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusDecisionTest {

  private static final List<PublishedAddress> NONE = List.of();
  private static final List<PublishedAddress> OURS =
      List.of(new PublishedAddress("192.0.2.1", null), new PublishedAddress("192.0.2.2", null));
  private static final List<PublishedAddress> OTHERS =
      List.of(new PublishedAddress(null, "lb.example.com"));
  private static final StatusDecision KEEP = new StatusDecision.Keep();
  private static final StatusDecision CLEAR = new StatusDecision.Clear();

  @Test
  void of_programmed_writesWhatIsWanted() {
    assertEquals(
        new StatusDecision.Write(OURS), StatusDecision.of(Ownership.OURS, true, OURS, NONE));
    assertEquals(
        new StatusDecision.Write(OURS), StatusDecision.of(Ownership.OURS, true, OURS, OTHERS));
  }

  @Test
  void of_notProgrammed_writesNothing() {
    assertEquals(KEEP, StatusDecision.of(Ownership.OURS, false, OURS, NONE));
  }

  @Test
  void of_aChangeIsOnItsWay_keepsTheAddressOfBefore() {
    assertEquals(KEEP, StatusDecision.of(Ownership.OURS, false, OURS, OTHERS));
  }

  @Test
  void of_sameAddressesInAnotherOrder_writesNothing() {
    assertEquals(KEEP, StatusDecision.of(Ownership.OURS, true, OURS, OURS.reversed()));
  }

  @Test
  void of_addressesNotKnownYet_writesNothing() {
    assertEquals(KEEP, StatusDecision.of(Ownership.OURS, true, null, OTHERS));
  }

  @Test
  void of_thereIsNoAddressAnyMore_clearsAtOnce() {
    assertEquals(CLEAR, StatusDecision.of(Ownership.OURS, false, NONE, OURS));
    assertEquals(KEEP, StatusDecision.of(Ownership.OURS, true, NONE, NONE));
  }

  @Test
  void of_noLongerOurs_clears() {
    assertEquals(CLEAR, StatusDecision.of(Ownership.FORMER, false, OURS, OURS));
    assertEquals(CLEAR, StatusDecision.of(Ownership.FORMER, false, null, OURS));
    assertEquals(KEEP, StatusDecision.of(Ownership.FORMER, false, OURS, NONE));
  }

  @Test
  void of_neverOurs_isNotTouched() {
    assertEquals(KEEP, StatusDecision.of(Ownership.OTHER, true, OURS, OTHERS));
  }
}
