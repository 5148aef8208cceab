package io.isoline.translator.derive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the facts that objects state, grouped by key. A group is sorted by the order of the stage;
 * a fact that is stated twice is in it twice.
 *
 * <p>Owned by the thread of its {@link Derivation}.
 */
public final class Facts<K, F> extends Stage {

  private final Comparator<? super F> order;
  private final Cells<Group> groups = new Cells<>();
  private final List<Derived<K, ?>> rows = new ArrayList<>();

  /** Several facts of one key; a list that is itself a fact is of another class. */
  private static final class Many<F> extends ArrayList<F> {
    private static final long serialVersionUID = 1;

    Many(F first) {
      super(2);
      add(first);
    }
  }

  private static final class Group extends Cell {
    /** A fact, or {@link Many} of them; null for none. */
    @Nullable Object said;

    Group(Object key, Stage stage) {
      super(key, stage);
    }

    @Override
    boolean isAbsent() {
      return said == null;
    }
  }

  Facts(Derivation derivation, int position, Comparator<? super F> order) {
    super(derivation, position);
    this.order = order;
  }

  void addRows(Derived<K, ?> derived) {
    rows.add(derived);
    forEach((key, any) -> derived.want(key));
  }

  /** The facts of a key: a view, until the next change. */
  @SuppressWarnings("unchecked")
  public List<F> of(K key) {
    Object said = said(key);
    if (said == null) {
      return List.of();
    }
    return said instanceof Many ? Collections.unmodifiableList((Many<F>) said) : List.of((F) said);
  }

  /** The first fact of a key; null when there is none. */
  @SuppressWarnings("unchecked")
  public @Nullable F first(K key) {
    Object said = said(key);
    return said instanceof Many ? ((Many<F>) said).getFirst() : (F) said;
  }

  private @Nullable Object said(K key) {
    Group group = groups.get(key);
    read(key, group);
    return group == null ? null : group.said;
  }

  /** Records a read of a key, whether it has facts or not. */
  void read(K key) {
    read(key, groups.get(key));
  }

  private void read(K key, @Nullable Group known) {
    if (derivation.isRunning()) {
      derivation.checkRead(this);
      derivation.read(known == null ? newGroup(key) : known);
    }
  }

  private Group newGroup(K key) {
    Group group = new Group(key, this);
    groups.add(group);
    return group;
  }

  /** Whether there are facts of a key; not recorded. */
  boolean has(Object key) {
    Group group = groups.get(key);
    return group != null && group.said != null;
  }

  /** Adds a fact. */
  @SuppressWarnings("unchecked")
  public void add(K key, F fact) {
    derivation.checkWrite(this);
    Group group = groups.get(key);
    if (group == null) {
      group = newGroup(key);
    }
    Object said = group.said;
    if (said == null) {
      group.said = fact;
      rows.forEach(derived -> derived.want(key));
    } else {
      Many<F> many = said instanceof Many ? (Many<F>) said : new Many<>((F) said);
      int place = Collections.binarySearch(many, fact, order);
      many.add(place < 0 ? -place - 1 : place, fact);
      group.said = many;
    }
    group.changed();
  }

  /** Takes one back; without effect when it is not there. */
  @SuppressWarnings("unchecked")
  public void remove(K key, F fact) {
    derivation.checkWrite(this);
    Group group = groups.get(key);
    Object said = group == null ? null : group.said;
    if (group == null || said == null) {
      return;
    }
    if (said instanceof Many) {
      Many<F> many = (Many<F>) said;
      int place = Collections.binarySearch(many, fact, order);
      if (place < 0) {
        return;
      }
      many.remove(place);
      if (many.size() == 1) {
        group.said = many.getFirst();
      }
    } else if (order.compare((F) said, fact) == 0) {
      group.said = null;
      rows.forEach(derived -> derived.want(key));
    } else {
      return;
    }
    group.changed();
    group.forgetIfUnused();
  }

  /** Gives a key this fact and no other; null removes all. */
  public void put(K key, @Nullable F fact) {
    List<F> before = of(key);
    if (fact == null ? before.isEmpty() : before.size() == 1 && before.getFirst().equals(fact)) {
      return;
    }
    for (F each : List.copyOf(before)) {
      remove(key, each);
    }
    if (fact != null) {
      add(key, fact);
    }
  }

  /**
   * Has the readers of a key derived again, when something is different that is no fact: the time.
   */
  public void touch(K key) {
    derivation.checkWrite(this);
    Group group = groups.get(key);
    if (group != null) {
      group.changed();
    }
  }

  /** Goes through all facts, in no order; not recorded, so not for rules. */
  @SuppressWarnings("unchecked")
  public void forEach(BiConsumer<K, F> action) {
    groups.forEach(
        group -> {
          if (group.said instanceof Many) {
            ((Many<F>) group.said).forEach(fact -> action.accept((K) group.key, fact));
          } else if (group.said != null) {
            action.accept((K) group.key, (F) group.said);
          }
        });
  }

  /** How many keys there are, those included that have no facts and are read. */
  int size() {
    return groups.size();
  }

  @Override
  void forget(Cell cell) {
    groups.remove((Group) cell);
  }
}
