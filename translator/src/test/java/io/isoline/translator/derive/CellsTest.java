package io.isoline.translator.derive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.isoline.tries.Tries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CellsTest {

  /** Few hashes, so that most keys are not at the place of their own. */
  private record Key(int number) {
    @Override
    public int hashCode() {
      return number % 7;
    }
  }

  private static final Derived<Key, Key> STAGE = stage();

  private static Derived<Key, Key> stage() {
    Derivation derivation = new Derivation();
    return derivation.derived(
        derivation.<Key, Integer>facts(Comparator.naturalOrder()), key -> key);
  }

  @Test
  void remove_ofKeysWithOneHash_theOthersAreFound() {
    for (int removed = 0; removed < 4; removed++) {
      Cells<Row> cells = new Cells<>();
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        rows.add(new Row(new Key(7 * i), STAGE));
        cells.add(rows.get(i));
      }

      cells.remove(rows.get(removed));

      for (int i = 0; i < 4; i++) {
        assertSame(i == removed ? null : rows.get(i), cells.get(new Key(7 * i)));
      }
      assertEquals(3, cells.size());
    }
  }

  @Test
  void addAndRemove_anyKeys_isLikeAMap() {
    Tries.of(500)
        .run(
            draw -> {
              Cells<Row> cells = new Cells<>();
              Map<Key, Row> map = new HashMap<>();
              for (int number : draw.list(0, 200, each -> each.below(60))) {
                Key key = new Key(number);
                Row row = map.remove(key);
                if (row == null) {
                  map.put(key, new Row(key, STAGE));
                  cells.add(map.get(key));
                } else {
                  cells.remove(row);
                }
                assertEquals(map.size(), cells.size());
              }
              for (int number = 0; number < 60; number++) {
                assertSame(map.get(new Key(number)), cells.get(new Key(number)));
              }
              HashSet<Row> gone = new HashSet<>(map.values());
              cells.forEach(gone::remove);
              assertEquals(0, gone.size(), "rows that forEach leaves out");
            });
  }

  @Test
  void get_keyThatIsNotThere_isNone() {
    assertNull(new Cells<Row>().get(new Key(1)));
  }
}
