package io.isoline.translator.derive;

import org.jspecify.annotations.Nullable;

/** The value that a rule came to for one key, and what it read for that. */
final class Row extends Cell {

  static final Cell[] NOTHING = {};

  /** Null when there is none for this key. */
  @Nullable Object value;

  /** In the order of the reads; some may be there twice. */
  Cell[] reads = NOTHING;

  boolean marked;

  /** For {@link Readers}. */
  boolean counted;

  Row(Object key, Derived<?, ?> stage) {
    super(key, stage);
  }

  boolean reads(Cell cell) {
    for (Cell read : reads) {
      if (read.equals(cell)) {
        return true;
      }
    }
    return false;
  }

  void mark() {
    if (!marked) {
      marked = true;
      ((Derived<?, ?>) stage).mark(this);
    }
  }

  @Override
  boolean isAbsent() {
    return false;
  }
}
