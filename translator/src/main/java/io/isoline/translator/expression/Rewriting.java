package io.isoline.translator.expression;

import io.isoline.translator.expression.Node.Group;
import io.isoline.translator.expression.Target.Part;
import io.isoline.translator.model.HttpOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes what it takes to make the target of a path: a pattern that matches all of it, and
 * substitutions for that. What an expression does not match of a path is dropped.
 *
 * <p>Where a target has a slash before a reference, and the text of the group begins with one too, a
 * single slash comes out. Whether the result is a path that a backend may get is not to be seen here:
 * of {@code ..x} and {@code ./} a relative element can come together. Whoever uses it has to look.
 */
public final class Rewriting {

  /** RE2 knows as many references in a substitution. */
  private static final int MOST_CAPTURES = 9;

  /** What may follow in a path that has a query after it. */
  private static final String REST_BEFORE_QUERY = "[!->@-~]*";

  private static final String QUERY = "(?:[?]\\C*)?";

  /** What came of an expression and a target. */
  public sealed interface Result {
    /**
     * A pattern and what it becomes.
     *
     * @param substitutions in the syntax of RE2, one for each target
     * @param doubling whether two slashes can meet in what comes out of the first
     */
    record Good(String pattern, List<String> substitutions, boolean doubling)
        implements Result {
      public Good {
        substitutions = List.copyOf(substitutions);
      }
    }

    /**
     * It cannot be done.
     *
     * @param message a clause that says why
     */
    record Bad(String message) implements Result {}
  }

  private final Expression expression;
  private final Writer re2;
  private final Set<Integer> used = new HashSet<>();
  private final Set<Integer> notAfterSlash = new HashSet<>();
  private final Map<Integer, List<Integer>> captures = new HashMap<>();
  private int count;

  private Rewriting(Expression expression, HttpOptions.Paths paths) {
    this.expression = expression;
    re2 = new Writer(paths);
  }

  /**
   * Writes it.
   *
   * @param query whether the path has its query after it, which is dropped
   * @param paths which spellings of slashes requests can have
   */
  public static Result of(
      Expression expression, List<Target> targets, boolean query, HttpOptions.Paths paths) {
    return new Rewriting(expression, paths).write(targets, query);
  }

  private Result write(List<Target> targets, boolean query) {
    SortedSet<String> unknown = new TreeSet<>();
    for (Target target : targets) {
      look(target, unknown);
    }
    if (!unknown.isEmpty()) {
      return new Result.Bad("the path has no group called " + unknown.first());
    }
    // A $ would be at the end of the query.
    Ending ending = Ending.of(expression.root());
    boolean hasOpen = !ending.open().equals(Node.never());
    re2.append("^(?:");
    if (hasOpen) {
      re2.write(ending.open());
      re2.append(query ? REST_BEFORE_QUERY : Re2.REST);
    }
    if (!ending.atEnd().equals(Node.never())) {
      re2.append(hasOpen ? "|" : "");
      re2.write(ending.atEnd());
    }
    re2.append(query ? ")" + QUERY + "$" : ")$");
    if (re2.isTooLarge()) {
      return new Result.Bad("it is too large together with the expression of the path");
    }
    if (count > MOST_CAPTURES) {
      return new Result.Bad("it refers to too many groups of the path");
    }
    return new Result.Good(
        re2.text(),
        targets.stream().map(this::substitution).toList(),
        isDoubling(targets.getFirst()));
  }

  /** Notes which groups are referred to, and which do not exist. */
  private void look(Target target, Set<String> unknown) {
    Part before = null;
    for (Part part : target.parts()) {
      if (part instanceof Part.Reference(String name)) {
        OptionalInt number = expression.group(name);
        if (number.isPresent()) {
          used.add(number.getAsInt());
          if (!endsWithSlash(before)) {
            notAfterSlash.add(number.getAsInt());
          }
        } else if (!Character.isDigit(name.charAt(0))) {
          unknown.add(name);
        }
      }
      before = part;
    }
  }

  /** Whether a group can be empty between two slashes, or end with one before another. */
  private boolean isDoubling(Target target) {
    boolean slash = false;
    Node before = null;
    for (Part part : target.parts()) {
      switch (part) {
        case Part.Literal(String text) -> {
          if (before != null
              && text.startsWith("/")
              && (before.canEndWithSlash() || (slash && before.isNullable()))) {
            return true;
          }
          slash = text.endsWith("/");
          before = null;
        }
        case Part.Reference(String name) -> {
          OptionalInt number = expression.group(name);
          Node group = number.isPresent() ? expression.root().group(number.getAsInt()) : null;
          before = group == null ? before : group;
        }
      }
    }
    return false;
  }

  private static boolean endsWithSlash(@Nullable Part part) {
    return part instanceof Part.Literal(String text) && text.endsWith("/");
  }

  private String substitution(Target target) {
    StringBuilder substitution = new StringBuilder();
    for (Part part : target.parts()) {
      switch (part) {
        case Part.Literal(String text) -> substitution.append(text.replace("\\", "\\\\"));
        case Part.Reference(String name) -> {
          OptionalInt number = expression.group(name);
          if (number.isPresent()) {
            // All but one of them are empty.
            captures
                .getOrDefault(number.getAsInt(), List.of())
                .forEach(capture -> substitution.append('\\').append(capture));
          }
        }
      }
    }
    // Where there is no such group, or it is always empty, slashes meet.
    return substitution.toString().replaceAll("/+", "/");
  }

  /** Captures the groups that are used. */
  private final class Writer extends Re2 {

    Writer(HttpOptions.Paths paths) {
      super(paths);
    }

    @Override
    void writeGroup(Group group) {
      int number = group.number();
      Node part = group.part();
      if (!used.contains(number) || part.equals(Node.empty())) {
        super.writeGroup(group);
        return;
      }
      // What is repeated would be captured by the one in one turn, and by the other in the next.
      boolean absorbs = !notAfterSlash.contains(number) && !part.hasGroup() && !isRepeated();
      Node rest =
          absorbs && AfterSlash.keepsOrder(part) ? AfterSlash.of(part) : Node.never();
      if (rest.equals(Node.never())) {
        captured(number, part);
        return;
      }
      append("(?:");
      appendSlash();
      captured(number, rest);
      append("|");
      captured(number, part);
      append(")");
    }

    private void captured(int number, Node part) {
      captures.computeIfAbsent(number, any -> new ArrayList<>()).add(++count);
      capture(part);
    }
  }
}
