package io.isoline.controlplane.terminal;

/** Numbers in sentences. */
public final class Words {

  private Words() {}

  /** {@code 1 pod}, {@code 2 pods}; words that form their plural by an s or, after an s, by es. */
  public static String count(long number, String noun) {
    if (number == 1) {
      return "1 " + noun;
    }
    return number + " " + noun + (noun.endsWith("s") ? "es" : "s");
  }
}
