package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressDecisionTest {

  private static final List<PublishedAddress> NONE = List.of();
  private static final List<PublishedAddress> OURS =
      List.of(new PublishedAddress("192.0.2.1", null), new PublishedAddress("192.0.2.2", null));
  private static final List<PublishedAddress> OTHERS =
      List.of(new PublishedAddress(null, "lb.example.com"));
  private static final AddressDecision KEEP = new AddressDecision.Keep();
  private static final AddressDecision CLEAR = new AddressDecision.Clear();

  @Test
  void of_programmed_writesWhatIsWanted() {
    assertEquals(
        new AddressDecision.Write(OURS),
        AddressDecision.of(Ownership.OURS, Progress.PROGRAMMED, OURS, NONE));
    assertEquals(
        new AddressDecision.Write(OURS),
        AddressDecision.of(Ownership.OURS, Progress.PROGRAMMED, OURS, OTHERS));
  }

  @Test
  void of_notProgrammed_writesNothing() {
    assertEquals(KEEP, AddressDecision.of(Ownership.OURS, Progress.WAITING, OURS, NONE));
  }

  @Test
  void of_aChangeIsOnItsWay_keepsTheAddressOfBefore() {
    assertEquals(KEEP, AddressDecision.of(Ownership.OURS, Progress.WAITING, OURS, OTHERS));
  }

  @Test
  void of_sameAddressesInAnotherOrder_writesNothing() {
    assertEquals(
        KEEP, AddressDecision.of(Ownership.OURS, Progress.PROGRAMMED, OURS, OURS.reversed()));
  }

  @Test
  void of_addressesNotKnownYet_writesNothing() {
    assertEquals(KEEP, AddressDecision.of(Ownership.OURS, Progress.PROGRAMMED, null, OTHERS));
  }

  @Test
  void of_thereIsNoAddressAnyMore_clearsAtOnce() {
    assertEquals(CLEAR, AddressDecision.of(Ownership.OURS, Progress.WAITING, NONE, OURS));
    assertEquals(KEEP, AddressDecision.of(Ownership.OURS, Progress.PROGRAMMED, NONE, NONE));
  }

  @Test
  void of_nothingInForce_clearsAndWritesNothing() {
    assertEquals(
        CLEAR, AddressDecision.of(Ownership.OURS, Progress.NOTHING_IN_FORCE, OURS, OURS));
    assertEquals(
        KEEP, AddressDecision.of(Ownership.OURS, Progress.NOTHING_IN_FORCE, OURS, NONE));
    assertEquals(
        KEEP, AddressDecision.of(Ownership.OURS, Progress.NOTHING_IN_FORCE, null, OURS));
  }

  @Test
  void of_noLongerOurs_clears() {
    assertEquals(CLEAR, AddressDecision.of(Ownership.FORMER, Progress.WAITING, OURS, OURS));
    assertEquals(CLEAR, AddressDecision.of(Ownership.FORMER, Progress.WAITING, null, OURS));
    assertEquals(KEEP, AddressDecision.of(Ownership.FORMER, Progress.WAITING, OURS, NONE));
  }

  @Test
  void of_neverOurs_isNotTouched() {
    assertEquals(KEEP, AddressDecision.of(Ownership.OTHER, Progress.PROGRAMMED, OURS, OTHERS));
  }
}
