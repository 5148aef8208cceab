package io.isoline.translator.derive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a derivation, in the order in which they are made here. A rule reads stages before
 * its own, and none else: {@link #settle} goes through them once, and each row that runs finds what
 * it reads settled.
 *
 * <p>Reads are recorded by the stages themselves, so a rule cannot read without it. What is read when
 * no rule runs is recorded nowhere.
 *
 * <p>Owned by one thread. After a rule has thrown, the derivation is in disorder and must not be
 * used any more.
 */
public final class Derivation {

  /** A cell that is among so many that were read last is not recorded again. */
  private static final int LOOKED_BACK = 16;

  private static final int MOST_KEPT = 1024;
  private static final int NONE = -1;

  private final List<Derived<?, ?>> derived = new ArrayList<>();
  private int stages;

  /** The place of the stage whose rows are derived. */
  private int settling = NONE;

  /** The row whose rule runs. */
  private @Nullable Row running;

  /** How many reads the rule that runs has made. */
  private int count;

  /** Whether the reads so far are the first ones of the rule's last run. */
  private boolean same;

  /** The reads so far, when they differ from those of the last run. */
  private Cell[] reads = new Cell[LOOKED_BACK];

  /** Adds a stage of facts, in an order in which equal facts are together. */
  public <K, F> Facts<K, F> facts(Comparator<? super F> order) {
    return new Facts<>(this, stages++, order);
  }

  /** Adds a stage of one value. */
  public <V> Value<V> value(V first) {
    return new Value<>(this, stages++, first);
  }

  /**
   * Adds a stage of rows.
   *
   * @param keys there is a row for each key of these facts, and no other
   */
  public <K, V> Derived<K, V> derived(Facts<K, ?> keys, Derived.Rule<K, V> rule) {
    Derived<K, V> stage = new Derived<>(this, stages++, keys, rule);
    derived.add(stage);
    return stage;
  }

  /** Derives again all rows that read something that is different now. */
  public void settle() {
    for (Derived<?, ?> stage : derived) {
      settling = stage.position;
      stage.settle();
    }
    settling = NONE;
  }

  boolean isRunning() {
    return running != null;
  }

  /** Throws when the rule that runs may not read a stage. */
  void checkRead(Stage stage) {
    if (running != null && stage.position >= running.stage.position) {
      throw new IllegalStateException(
          "stage %d reads stage %d, which is not before it"
              .formatted(running.stage.position, stage.position));
    }
  }

  /** Throws when it is too late in a {@link #settle} for a stage to get other facts. */
  void checkWrite(Stage stage) {
    if (running != null) {
      throw new IllegalStateException("a rule writes stage " + stage.position);
    }
    if (stage.position <= settling) {
      throw new IllegalStateException(
          "stage %d writes stage %d, which is not after it".formatted(settling, stage.position));
    }
  }

  void begin(Row row) {
    running = row;
    count = 0;
    same = true;
  }

  /** Records a read of the rule that runs. */
  void read(Cell cell) {
    Row row = running;
    if (row == null) {
      return;
    }
    if (same && count < row.reads.length && row.reads[count].equals(cell)) {
      count++;
      return;
    }
    Cell[] last = same ? row.reads : reads;
    for (int i = count - 1; i >= Math.max(0, count - LOOKED_BACK); i--) {
      if (last[i].equals(cell)) {
        return;
      }
    }
    if (same) {
      same = false;
      reads = count < reads.length ? reads : new Cell[2 * count];
      System.arraycopy(row.reads, 0, reads, 0, count);
    } else if (count == reads.length) {
      reads = Arrays.copyOf(reads, 2 * count);
    }
    reads[count++] = cell;
  }

  /** Has the row read what its rule has read since {@link #begin}. */
  void end(Row row) {
    running = null;
    if (same && count == row.reads.length) {
      return;
    }
    setReads(row, Arrays.copyOf(same ? row.reads : reads, count));
    if (reads.length > MOST_KEPT) {
      reads = new Cell[LOOKED_BACK];
    } else {
      Arrays.fill(reads, null);
    }
  }

  static void setReads(Row row, Cell[] now) {
    Cell[] before = row.reads;
    row.reads = now;
    for (Cell cell : without(before, now)) {
      cell.removeReader(row);
    }
    for (Cell cell : without(now, before)) {
      cell.addReader(row);
    }
  }

  /** Each cell that is in the one and not in the other, once. */
  private static Iterable<Cell> without(Cell[] some, Cell[] others) {
    if (others.length == 0 && some.length <= LOOKED_BACK) {
      return Arrays.asList(some);
    }
    Set<Cell> without = new LinkedHashSet<>(Arrays.asList(some));
    for (Cell cell : others) {
      without.remove(cell);
    }
    return without;
  }
}
