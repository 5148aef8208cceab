package io.isoline.translator.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The hosts that a virtual host answers for. Written as {@code *} for every host that nothing else
 * claims, {@code *.example.com} for each name with exactly one label more, or a name.
 *
 * @param pattern one of these three forms, in lower case
 */
public record Host(String pattern) implements Comparable<Host> {

  /** Every host that nothing else claims. */
  public static final Host ANY = new Host("*");

  public boolean isAny() {
    return pattern.equals("*");
  }

  public boolean isWildcard() {
    return pattern.startsWith("*.");
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
    return pattern.compareTo(other.pattern);
  }

  @Override
  public String toString() {
    return pattern;
  }
}
