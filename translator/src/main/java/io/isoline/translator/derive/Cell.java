package io.isoline.translator.derive;

import org.jspecify.annotations.Nullable;

/** The unit in which rules read: the facts of one key, one row, or one value. */
abstract class Cell {

  final Object key;
  final Stage stage;

  /** A {@link Row}, or {@link Readers} where there are more; most cells have one. */
  private @Nullable Object readers;

  Cell(Object key, Stage stage) {
    this.key = key;
    this.stage = stage;
  }

  /** Whether there is nothing in it but its readers. */
  abstract boolean isAbsent();

  final void addReader(Row row) {
    if (readers == null) {
      readers = row;
    } else if (readers instanceof Readers many) {
      many.add(row);
    } else {
      Readers many = new Readers();
      many.add((Row) readers);
      many.add(row);
      readers = many;
    }
  }

  /** Removes one that does not read this any more. */
  final void removeReader(Row row) {
    if (readers == row || (readers instanceof Readers many && many.removeOne(this))) {
      readers = null;
      forgetIfUnused();
    }
  }

  final void forgetIfUnused() {
    if (readers == null && isAbsent()) {
      stage.forget(this);
    }
  }

  /** Has all that read this derived again. */
  final void changed() {
    if (readers instanceof Row row) {
      row.mark();
    } else if (readers instanceof Readers many) {
      many.mark(this);
    }
  }

  /** A hash of the content, as an identity hash is kept in the object and makes it larger. */
  @Override
  public final int hashCode() {
    return 31 * key.hashCode() + stage.position;
  }
}
