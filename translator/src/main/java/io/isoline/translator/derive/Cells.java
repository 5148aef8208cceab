package io.isoline.translator.derive;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the cells of a stage by their keys, in a hash table without an object for each entry:
 * beside cells as small as these, such objects would take a third of all memory.
 */
final class Cells<C extends Cell> {

  private static final int SMALLEST = 8;

  private @Nullable Cell[] table = new Cell[SMALLEST];
  private int size;

  @SuppressWarnings("unchecked")
  @Nullable C get(Object key) {
    return (C) table[place(key)];
  }

  /** Adds one whose key is not there. */
  void add(C cell) {
    if (3 * (size + 1) > 2 * table.length) {
      resize(2 * table.length);
    }
    table[place(cell.key)] = cell;
    size++;
  }

  /** Removes one that is there. */
  void remove(C cell) {
    int hole = place(cell.key);
    table[hole] = null;
    size--;
    // What follows without a gap may have been put there as its own place was taken.
    int mask = table.length - 1;
    for (int i = (hole + 1) & mask; table[i] != null; i = (i + 1) & mask) {
      Cell next = table[i];
      table[i] = null;
      table[place(next.key)] = next;
    }
    if (table.length > SMALLEST && 8 * size < table.length) {
      resize(table.length / 4);
    }
  }

  /** Where a key is, or would be. */
  private int place(Object key) {
    int hash = key.hashCode() * 0x9E3779B9;
    int mask = table.length - 1;
    int i = (hash ^ (hash >>> 16)) & mask;
    for (Cell cell = table[i]; cell != null && !cell.key.equals(key); cell = table[i]) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private void resize(int length) {
    @Nullable Cell[] all = table;
    table = new Cell[Math.max(SMALLEST, length)];
    for (Cell cell : all) {
      if (cell != null) {
        table[place(cell.key)] = cell;
      }
    }
  }

  int size() {
    return size;
  }

  /** Goes through the cells that are there now, in no order. */
  @SuppressWarnings("unchecked")
  void forEach(Consumer<C> action) {
    for (Cell cell : table.clone()) {
      if (cell != null) {
        action.accept((C) cell);
      }
    }
  }
}
