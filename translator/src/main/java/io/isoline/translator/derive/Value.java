package io.isoline.translator.derive;

/** One value that rules read. Owned by the thread of its {@link Derivation}. */
public final class Value<V> extends Stage {

  private final Cell cell = new ValueCell(this);
  private V value;

  private static final class ValueCell extends Cell {
    ValueCell(Stage stage) {
      super("", stage);
    }

    @Override
    boolean isAbsent() {
      return false;
    }
  }

  Value(Derivation derivation, int position, V first) {
    super(derivation, position);
    value = first;
  }

  public V get() {
    derivation.checkRead(this);
    derivation.read(cell);
    return value;
  }

  /** Replaces it; without effect when the other is equal. */
  public void set(V other) {
    derivation.checkWrite(this);
    if (!value.equals(other)) {
      value = other;
      cell.changed();
    }
  }
}
