package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BisectionTest {
  private final Bisection bisection = new Bisection();

  @Test
  void refused_nameMentioned_triesTheOthersTogetherAndThenTheSuspect() {
    bisection.refused(List.of("a", "b", "c"), "Error adding/updating cluster(s) b: no");
    assertEquals(List.of("a", "c"), bisection.next(_ -> true));
    assertEquals(List.of("b"), bisection.next(_ -> true));
    assertEquals(List.of(), bisection.next(_ -> true));
  }

  @Test
  void refused_noNameMentioned_triesTheHalves() {
    bisection.refused(List.of("a", "b", "c"), "Proto constraint validation failed");
    assertTrue(bisection.awaits("a"));
    assertEquals(List.of("a"), bisection.next(_ -> true));
    assertFalse(bisection.awaits("a"));
    assertEquals(List.of("b", "c"), bisection.next(_ -> true));
  }

  @Test
  void next_nameNoLongerWanted_isLeftOut() {
    bisection.refused(List.of("a", "b", "c", "d"), "no");
    assertEquals(List.of("c"), bisection.next(name -> name.equals("c")));
  }

  @Test
  void mentions_noNameAtAll_isNone() {
    assertFalse(Bisection.mentions("anything", ""));
    assertFalse(Bisection.mentions("xa a", "a a"));
    assertTrue(Bisection.mentions("a: no", "a"));
  }

  @Test
  void mentions_partOfALongerName_isNoMention() {
    assertFalse(Bisection.mentions("cluster ns/web/80: no", "ns/web/8"));
    assertFalse(Bisection.mentions("cluster ns/web/80: no", "web/80"));
    assertFalse(Bisection.mentions("cluster a:80: no", "a"));
    assertTrue(Bisection.mentions("cluster ns/web/80: no", "ns/web/80"));
    assertTrue(Bisection.mentions("no cluster 'a', nor b.", "a"));
    assertTrue(Bisection.mentions("no cluster 'a', nor b.", "b"));
    assertTrue(Bisection.mentions("no cluster \"a\"", "a"));
    assertTrue(Bisection.mentions("a, b: no", "a"));
  }
}
