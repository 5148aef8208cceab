package io.isoline.translator.derive;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One row for each key that has facts, made by a rule. A row is derived again only when something
 * that its rule read is different; and the readers of a row are derived again only when it comes
 * out different.
 *
 * <p>Owned by the thread of its {@link Derivation}.
 */
public final class Derived<K, V> extends Stage {

  private final Facts<K, ?> keys;
  private final Rule<K, V> rule;
  private final Cells<Row> rows = new Cells<>();
  private List<Row> marked = new ArrayList<>();
  private BiPredicate<V, V> alike = Objects::equals;
  private Listener<K, V> listener = (key, before, after) -> {};

  /** Makes the value of a key of nothing but what it reads from earlier stages. */
  public interface Rule<K, V> {
    /** The value; null when there is none. */
    @Nullable V derive(K key);
  }

  /** Hears what is different, and may tell it to facts of later stages. */
  public interface Listener<K, V> {
    /** Null is no value, or no row. */
    void changed(K key, @Nullable V before, @Nullable V after);
  }

  Derived(Derivation derivation, int position, Facts<K, ?> keys, Rule<K, V> rule) {
    super(derivation, position);
    this.keys = keys;
    this.rule = rule;
    keys.addRows(this);
  }

  /** Adds a listener, which is told of each value that is different. */
  public Derived<K, V> tell(Listener<K, V> one) {
    listener = one;
    return this;
  }

  /**
   * Has the readers of a row derived again only when it differs in more than this.
   *
   * @param same whether two values are the same to all who read them
   */
  public Derived<K, V> alike(BiPredicate<V, V> same) {
    alike = same;
    return this;
  }

  /** The value of a key; null when there is none. */
  @SuppressWarnings("unchecked")
  public @Nullable V get(K key) {
    derivation.checkRead(this);
    Row row = rows.get(key);
    if (row == null) {
      // There is one when the key has facts.
      keys.read(key);
      return null;
    }
    derivation.read(row);
    return (V) row.value;
  }

  /** Notes that the key has its first facts, or none any more. */
  void want(K key) {
    Row row = rows.get(key);
    if (row == null) {
      row = new Row(key, this);
      rows.add(row);
    }
    row.mark();
  }

  void mark(Row row) {
    marked.add(row);
  }

  int size() {
    return rows.size();
  }

  void settle() {
    if (marked.isEmpty()) {
      return;
    }
    List<Row> now = marked;
    marked = new ArrayList<>();
    for (Row row : now) {
      row.marked = false;
      if (keys.has(row.key)) {
        derive(row);
      } else {
        remove(row);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void derive(Row row) {
    K key = (K) row.key;
    derivation.begin(row);
    V after = rule.derive(key);
    derivation.end(row);
    V before = (V) row.value;
    if (Objects.equals(before, after)) {
      return;
    }
    row.value = after;
    if (before == null || after == null || !alike.test(before, after)) {
      row.changed();
    }
    listener.changed(key, before, after);
  }

  @SuppressWarnings("unchecked")
  private void remove(Row row) {
    V before = (V) row.value;
    row.value = null;
    rows.remove(row);
    // Also those who found nothing in it: they have to look at the facts from now on.
    row.changed();
    Derivation.setReads(row, Row.NOTHING);
    listener.changed((K) row.key, before, null);
  }
}
