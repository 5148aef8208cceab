package io.isoline.translator.derive;

import java.util.Arrays;

/**
 * The rows that read one cell. Thousands may read the same cell, so a row that no longer does is
 * not searched for: it stays in the list until half of the list is such rows.
 */
final class Readers {

  private Row[] rows = new Row[3];
  private int count;
  private int gone;

  void add(Row row) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, count + count / 2 + 1);
    }
    rows[count++] = row;
  }

  /**
   * Notes that one of them does not read the cell any more.
   *
   * @return whether none is left that does
   */
  boolean removeOne(Cell cell) {
    gone++;
    if (2 * gone > count) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        Row row = rows[i];
        // One that came back is there twice.
        if (!row.counted && row.reads(cell)) {
          row.counted = true;
          rows[kept++] = row;
        }
      }
      rows = Arrays.copyOf(rows, Math.max(1, kept));
      for (int i = 0; i < kept; i++) {
        rows[i].counted = false;
      }
      count = kept;
      gone = 0;
    }
    return count == gone;
  }

  void mark(Cell cell) {
    for (int i = 0; i < count; i++) {
      if (gone == 0 || rows[i].reads(cell)) {
        rows[i].mark();
      }
    }
  }
}
