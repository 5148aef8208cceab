package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds where the fields of an object are, without their values: the tree stays in memory for as
 * long as the object does, and values may be secret.
 */
final class PositionTree {

  private static final String[] NO_NAMES = {};
  private static final PositionTree[] NO_CHILDREN = {};

  /** Up to so many keys are looked at one by one. */
  private static final int FEW = 8;

  private final int keyLine;
  private final int keyColumn;
  private final int line;
  private final int column;

  /** The keys of a mapping; empty for a list, whose children go by their index. */
  private final String[] names;

  private final PositionTree[] children;

  /** The indexes of many keys in the order of the keys, so that each is found without the others. */
  private final int @Nullable [] sorted;

  private PositionTree(
      int keyLine, int keyColumn, int line, int column, String[] names, PositionTree[] children) {
    this.keyLine = keyLine;
    this.keyColumn = keyColumn;
    this.line = line;
    this.column = column;
    this.names = names;
    this.children = children;
    this.sorted =
        names.length <= FEW
            ? null
            : IntStream.range(0, names.length)
                .boxed()
                .sorted(Comparator.comparing(i -> names[i]))
                .mapToInt(Integer::intValue)
                .toArray();
  }

  static PositionTree leaf(int line, int column) {
    return new PositionTree(line, column, line, column, NO_NAMES, NO_CHILDREN);
  }

  static PositionTree of(YamlValue value) {
    return of(value.line(), value.column(), value);
  }

  /** The tree of a file: its documents are {@code document[0]}, {@code document[1]}… */
  static PositionTree ofDocuments(List<PositionTree> documents) {
    var list = new PositionTree(1, 1, 1, 1, NO_NAMES, documents.toArray(PositionTree[]::new));
    return new PositionTree(1, 1, 1, 1, new String[] {"document"}, new PositionTree[] {list});
  }

  private static PositionTree of(int keyLine, int keyColumn, YamlValue value) {
    List<String> names = new ArrayList<>();
    List<PositionTree> children = new ArrayList<>();
    switch (value) {
      case Scalar scalar -> {}
      case Sequence sequence -> sequence.items().forEach(item -> children.add(of(item)));
      case Mapping mapping ->
          mapping
              .entries()
              .forEach(
                  (name, entry) -> {
                    names.add(name.intern());
                    children.add(of(entry.line(), entry.column(), entry.value()));
                  });
    }
    return new PositionTree(
        keyLine,
        keyColumn,
        value.line(),
        value.column(),
        names.isEmpty() ? NO_NAMES : names.toArray(String[]::new),
        children.isEmpty() ? NO_CHILDREN : children.toArray(PositionTree[]::new));
  }

  /** The place of the node at a path, or of its nearest parent that exists. */
  PositionTree nearest(String path) {
    PositionTree at = this;
    List<String> steps = FieldPath.steps(path);
    for (int i = 0; i < steps.size(); i++) {
      PositionTree next = at.child(steps.get(i));
      if (next == null) {
        // A key that holds dots, written without brackets.
        next = at.child(String.join(".", steps.subList(i, steps.size())));
        return next == null ? at : next;
      }
      at = next;
    }
    return at;
  }

  /** The same places, with a field that can be found under a second name as well. */
  PositionTree withAlias(String parent, String name, String alias) {
    PositionTree child = child(parent);
    PositionTree target = child == null ? null : child.child(name);
    if (child == null || target == null || child.child(alias) != null) {
      return this;
    }
    var renamed = child.with(alias, target);
    PositionTree[] replaced = children.clone();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(parent)) {
        replaced[i] = renamed;
      }
    }
    return new PositionTree(keyLine, keyColumn, line, column, names, replaced);
  }

  private PositionTree with(String name, PositionTree child) {
    String[] moreNames = java.util.Arrays.copyOf(names, names.length + 1);
    PositionTree[] moreChildren = java.util.Arrays.copyOf(children, children.length + 1);
    moreNames[names.length] = name;
    moreChildren[children.length] = child;
    return new PositionTree(keyLine, keyColumn, line, column, moreNames, moreChildren);
  }

  private @Nullable PositionTree child(String step) {
    int named = sorted == null ? first(step) : search(sorted, step);
    if (named >= 0) {
      return children[named];
    }
    if (names.length == 0 && children.length > 0 && isIndex(step)) {
      int index = Integer.parseInt(step);
      return index < children.length ? children[index] : null;
    }
    return null;
  }

  private int first(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private int search(int[] order, String name) {
    int low = 0;
    int high = order.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = names[order[middle]].compareTo(name);
      if (compared == 0) {
        return order[middle];
      }
      low = compared < 0 ? middle + 1 : low;
      high = compared < 0 ? high : middle - 1;
    }
    return -1;
  }

  private static boolean isIndex(String step) {
    return !step.isEmpty() && step.length() < 9 && step.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  Position key(String file) {
    return new Position(file, keyLine, keyColumn);
  }

  Position value(String file) {
    return new Position(file, line, column);
  }
}
