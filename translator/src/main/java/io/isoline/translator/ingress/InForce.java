package io.isoline.translator.ingress;

/**
 * How much of an Ingress is in force: its paths, and its default backend as one more.
 *
 * @param inForce those that requests can reach, also where they are answered with 503 for want of a
 *     backend
 * @param asked those that its author wrote, whatever became of them
 */
public record InForce(int inForce, int asked) {

  public static final InForce NOTHING = new InForce(0, 0);

  public boolean isNothing() {
    return inForce == 0;
  }

  public boolean isAll() {
    return inForce >= asked;
  }

  /** For people: {@code 2 of 3 paths}. */
  @Override
  public String toString() {
    return inForce + " of " + asked + (asked == 1 ? " path" : " paths");
  }
}
