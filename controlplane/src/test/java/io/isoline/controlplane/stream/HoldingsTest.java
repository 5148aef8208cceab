package io.isoline.controlplane.stream;

import static io.isoline.controlplane.stream.Resources.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HoldingsTest {
  private final Holdings holdings = new Holdings(true);

  private Holdings.Held held(String name) {
    Holdings.Held held = holdings.find(name);
    assertNotNull(held);
    return held;
  }

  @Test
  void characters_areThoseOfNamesAndVersions() {
    holdings.sent(endpoint("abc", "12"));
    holdings.sent(endpoint("d", "1"));
    assertEquals(7, holdings.characters());
    holdings.sent(endpoint("abc", "123"));
    assertEquals(8, holdings.characters());
    holdings.uncertain("abc");
    assertEquals(5, holdings.characters());
    holdings.remove("abc");
    holdings.remove("d");
    assertEquals(0, holdings.characters());
    assertEquals(0, holdings.foreignCharacters());
  }

  @Test
  void foreign_versionThatNobodyKnows_untilAnotherIsTaken() {
    holdings.claimed("abc", "12", null);
    holdings.claimed("d", "1", endpoint("d", "1"));
    assertTrue(held("abc").foreign());
    assertFalse(held("d").foreign());
    assertEquals(5, holdings.foreignCharacters());
    holdings.sent(endpoint("abc", "3"));
    assertTrue(held("abc").foreign());
    assertEquals(4, holdings.foreignCharacters());
    holdings.uncertain("abc");
    assertTrue(held("abc").foreign());
    holdings.acknowledged(endpoint("abc", "3"));
    assertFalse(held("abc").foreign());
    assertEquals(0, holdings.foreignCharacters());
  }

  @Test
  void good_whatWasTakenLast_staysWhileAnotherIsOnItsWay() {
    holdings.sent(endpoint("a", "1"));
    assertNull(holdings.goodOf("a"));
    holdings.acknowledged(endpoint("a", "1"));
    holdings.sent(endpoint("a", "2"));
    assertEquals(endpoint("a", "1"), holdings.goodOf("a"));
    holdings.uncertain("a");
    assertEquals(endpoint("a", "1"), holdings.goodOf("a"));
    assertNull(held("a").sent());
  }

  @Test
  void acknowledged_nameGivenUpMeanwhile_staysGivenUp() {
    holdings.acknowledged(endpoint("a", "1"));
    holdings.uncertain("b");
    assertEquals(0, holdings.size());
  }

  @Test
  void version_isThatOfTheSet() {
    String empty = holdings.version();
    holdings.sent(endpoint("a", "1"));
    String one = holdings.version();
    assertNotEquals(empty, one);
    holdings.sent(endpoint("a", "2"));
    assertNotEquals(one, holdings.version());
    holdings.uncertain("a");
    assertEquals(empty, holdings.version());
    holdings.sent(endpoint("a", "1"));
    assertEquals(one, holdings.version());
    holdings.remove("a");
    assertEquals(empty, holdings.version());
  }
}
