package io.isoline.controlplane.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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

  @Property(tries = 200)
  void remove_afterAdd_isAsBefore(
      @ForAll String name, @ForAll String version, @ForAll String other) {
    SetHash hash = new SetHash();
    hash.add(other, version);
    String before = hash.toString();
    hash.add(name, version);
    hash.remove(name, version);
    assertEquals(before, hash.toString());
  }
}
