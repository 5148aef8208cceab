package io.isoline.translator.model;

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

  @Override
  public int compareTo(Host other) {
    return pattern.compareTo(other.pattern);
  }

  @Override
  public String toString() {
    return pattern;
  }
}
