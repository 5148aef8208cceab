package io.isoline.translator.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The hosts that a virtual host answers for: {@code *} for every host that nothing else claims,
 * {@code *.example.com} for names below that, or a name.
 *
 * @param pattern one of these three forms, in lower case
 * @param atAnyDepth of a wildcard: whether it stands for all names below that nothing else claims,
 *     and not only for those with exactly one label more
 */
public record Host(String pattern, boolean atAnyDepth) implements Comparable<Host> {

  private static final Comparator<Host> ORDER =
      Comparator.comparing(Host::pattern).thenComparing(Host::atAnyDepth);

  /** Every host that nothing else claims. */
  public static final Host ANY = new Host("*");

  /** A name, {@code *}, or a wildcard for exactly one label more. */
  public Host(String pattern) {
    this(pattern, false);
  }

  public boolean isAny() {
    return pattern.equals("*");
  }

  public boolean isWildcard() {
    return pattern.startsWith("*.");
  }

  /** The same wildcard for names at any depth. */
  public Host belowAtAnyDepth() {
    return new Host(pattern, true);
  }

  /** The wildcard that would cover this name, {@code *.example.com} for {@code a.example.com}; itself
   * for a name of one label, which no wildcard covers. */
  public Host parentWildcard() {
    int dot = pattern.indexOf('.');
    return dot < 0 ? this : new Host("*" + pattern.substring(dot));
  }

  /**
   * The wildcards that this is below at any depth, the nearest first: {@code *.example.com} and
   * {@code *.com} for {@code a.example.com}, and {@code *.com} for {@code *.example.com}.
   */
  public List<Host> wildcardsAbove() {
    List<Host> above = new ArrayList<>();
    int dot = pattern.indexOf('.', isWildcard() ? 2 : 0);
    while (dot >= 0) {
      above.add(new Host("*" + pattern.substring(dot)));
      dot = pattern.indexOf('.', dot + 1);
    }
    return above;
  }

  @Override
  public int compareTo(Host other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return atAnyDepth ? "*" + pattern : pattern;
  }
}
