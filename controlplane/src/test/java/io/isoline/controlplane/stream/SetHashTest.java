package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.isoline.tries.Tries;
import org.junit.jupiter.api.Test;

final class SetHashTest {

  @Test
  void order_doesNotMatter() {
    SetHash one = new SetHash();
    one.add("a", "1");
    one.add("b", "2");
    SetHash other = new SetHash();
    other.add("b", "2");
    other.add("a", "1");
    assertEquals(one.toString(), other.toString());
  }

  @Test
  void nameAndVersion_areKeptApart() {
    SetHash one = new SetHash();
    one.add("a", "bc");
    SetHash other = new SetHash();
    other.add("ab", "c");
    assertNotEquals(one.toString(), other.toString());
  }

  @Test
  void remove_afterAdd_isAsBefore() {
    Tries.of(200)
        .run(
            draw -> {
              String name = draw.text(255);
              String version = draw.text(255);
              SetHash hash = new SetHash();
              hash.add(draw.text(255), version);
              String before = hash.toString();
              hash.add(name, version);
              hash.remove(name, version);
              assertEquals(before, hash.toString());
            });
  }
}
