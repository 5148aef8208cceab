package io.isoline.translator.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.isoline.translator.model.Host;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which hosts are below which, and in which order they come. */
final class HostTreeTest {

  private static HostTree tree(String... patterns) {
    HostTree tree = new HostTree();
    for (String pattern : patterns) {
      tree.add(new Host(pattern));
    }
    return tree;
  }

  private static List<String> patterns(Collection<Host> hosts) {
    return hosts.stream().map(Host::pattern).toList();
  }

  @Test
  void below_wildcard_isAtAnyDepthAndNothingElse() {
    HostTree tree =
        tree(
            "a.com", "*.a.com", "b.a.com", "*.b.a.com", "c.b.a.com", "ba.com", "b-a.com", "com",
            "*", "a.com.org", "0.a.com");

    assertEquals(
        List.of("0.a.com", "b.a.com", "*.b.a.com", "c.b.a.com"),
        patterns(tree.below(new Host("*.a.com"))));
    assertEquals(List.of(), patterns(tree.below(new Host("*.c.b.a.com"))));
  }

  @Test
  void poll_wildcardsAndNames_eachWildcardComesBeforeWhatIsBelowIt() {
    HostTree tree = tree("c.b.a.com", "b.a.com", "*.b.a.com", "*.a.com", "*.com", "-.a.com");

    assertEquals(new Host("*.com"), tree.poll());
    assertEquals(new Host("*.a.com"), tree.poll());
    assertEquals(new Host("-.a.com"), tree.poll());
    assertEquals(new Host("b.a.com"), tree.poll());
    assertEquals(new Host("*.b.a.com"), tree.poll());
    assertEquals(new Host("c.b.a.com"), tree.poll());
    assertNull(tree.poll());
  }

  @Test
  void wildcardsAbove_nameAndWildcard_areTheNearestFirst() {
    assertEquals(
        List.of("*.b.com", "*.com"), patterns(new Host("a.b.com").wildcardsAbove()));
    assertEquals(List.of("*.com"), patterns(new Host("*.b.com").wildcardsAbove()));
    assertEquals(List.of(), patterns(new Host("localhost").wildcardsAbove()));
    assertEquals(List.of(), patterns(new Host("*.com").wildcardsAbove()));
    assertEquals(List.of(), patterns(Host.ANY.wildcardsAbove()));
  }
}
