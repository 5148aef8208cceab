package io.isoline.tries;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The random values of one try.
 *
 * <p>Every value is made of choices, numbers from 0 on of which 0 is the simplest, and the choices are
 * kept. So a try can be repeated with some of them left out or lowered, whatever its values mean;
 * that is how {@link Shrinking} makes a failure small. One thread uses it.
 */
public final class Draw {

  private static final String PLAIN = "abcxyzABC019-_. ";

  /** What parsers tend to get wrong: ends of lines, invisible characters, halves of pairs. */
  private static final String ODD =
      "\n\r\t\0\u0001\u001b\u007f\u0085\u00a0\u2028\ufeff\ufffe\ufffd\ud83d\ude00'\"\\{}[]<>&*!|%@#,:?~=/";

  /** A number from 0 on. A seed has no simpler one. */
  record Choice(long value, boolean isSeed) {}

  private final SplittableRandom random;
  private final boolean fresh;
  private final Iterator<Choice> givenNumbers;

  /** By itself, so that a seed is no number of something else when a choice before it is gone. */
  private final Iterator<Choice> givenSeeds;

  private final List<Choice> choices = new ArrayList<>();
  private final List<List<Integer>> lists = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();
  private int depth;

  private Draw(long seed, List<Choice> given, boolean fresh) {
    random = new SplittableRandom(seed);
    this.fresh = fresh;
    givenNumbers = given.stream().filter(choice -> !choice.isSeed()).iterator();
    givenSeeds = given.stream().filter(Choice::isSeed).iterator();
  }

  /** Draws by chance, the same for the same seed. */
  static Draw of(long seed) {
    return new Draw(seed, List.of(), true);
  }

  /** Draws what these choices say, and the simplest when there are no more. */
  static Draw again(List<Choice> choices) {
    return new Draw(0, choices, false);
  }

  /** All choices, in order. */
  List<Choice> choices() {
    return choices;
  }

  /**
   * For each list that was drawn, where in the choices its elements begin, and where the last one
   * ends.
   */
  List<List<Integer>> lists() {
    return lists;
  }

  /** What the test drew itself, without the parts of it. */
  List<Object> values() {
    return values;
  }

  /** A number from {@code low} to {@code high}, both included; these two often. */
  public int between(int low, int high) {
    long bound = (long) high - low;
    if (bound < 0) {
      throw new IllegalArgumentException(low + " > " + high);
    }
    long chance =
        switch (random.nextInt(16)) {
          case 0 -> 0;
          case 1 -> bound;
          default -> random.nextLong(bound + 1);
        };
    return value((int) (low + choose(chance, bound, false)));
  }

  /** A number from 0 to {@code bound - 1}, each as often. */
  public int below(int bound) {
    return value((int) choose(random.nextInt(bound), bound - 1, false));
  }

  public boolean flag() {
    return value(choose(random.nextInt(2), 1, false) == 1);
  }

  /** What another source of chance begins with; it stays as it is when the failure is made small. */
  public long seed() {
    return value(choose(random.nextLong(), Long.MAX_VALUE, true));
  }

  /** One of these, each as often. */
  public <T> T of(List<? extends T> all) {
    return value(all.get((int) choose(random.nextInt(all.size()), all.size() - 1, false)));
  }

  /** One of these, each as often. */
  @SafeVarargs
  public final <T> T of(T... all) {
    return value(all[(int) choose(random.nextInt(all.length), all.length - 1, false)]);
  }

  /** A list of {@code least} to {@code most} elements; no elements and few of them often. */
  public <T> List<T> list(int least, int most, Function<Draw, T> element) {
    return value(parts(() -> elements(least, most, element)));
  }

  private <T> List<T> elements(int least, int most, Function<Draw, T> element) {
    int size = least + random.nextInt(most - least + 1);
    if (random.nextInt(4) == 0) {
      size = Math.min(size, least + random.nextInt(4));
    }
    List<T> list = new ArrayList<>();
    List<Integer> starts = new ArrayList<>(List.of(choices.size()));
    // Each element says before itself that it is there: so it can be left out with that.
    while (more(list.size(), least, most, size)) {
      list.add(element.apply(this));
      starts.add(choices.size());
    }
    lists.add(starts);
    return list;
  }

  private boolean more(int have, int least, int most, int size) {
    boolean more = choose(have < size ? 1 : 0, 1, false) == 1;
    if (have < least || have >= most) {
      more = have < least;
      choices.set(choices.size() - 1, new Choice(more ? 1 : 0, false));
    }
    return more;
  }

  /** Any text, halves of surrogate pairs too, of up to {@code most} characters. */
  public String text(int most) {
    return joined(most, Draw::character);
  }

  /** Text of the characters 0 to 127, up to {@code most} of them. */
  public String ascii(int most) {
    return joined(most, draw -> String.valueOf((char) draw.below(128)));
  }

  /** Up to {@code most} bytes. */
  public byte[] bytes(int most) {
    List<Integer> list = parts(() -> elements(0, most, draw -> draw.below(256)));
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = list.get(i).byteValue();
    }
    value(list);
    return bytes;
  }

  private String joined(int most, Function<Draw, String> part) {
    String text = String.join("", parts(() -> elements(0, most, part)));
    return value(text.length() > most ? text.substring(0, most) : text);
  }

  private String character() {
    return switch (below(8)) {
      case 0, 1, 2 -> String.valueOf(PLAIN.charAt(below(PLAIN.length())));
      case 3 -> String.valueOf((char) below(128));
      case 4, 5 -> String.valueOf(ODD.charAt(below(ODD.length())));
      case 6 -> String.valueOf((char) below(0x10000));
      default -> Character.toString(below(Character.MAX_CODE_POINT + 1));
    };
  }

  private long choose(long chance, long bound, boolean isSeed) {
    long chosen = chance;
    if (!fresh) {
      long value = isSeed ? next(givenSeeds) : next(givenNumbers);
      chosen = isSeed ? value : Math.floorMod(value, bound + 1);
    }
    choices.add(new Choice(chosen, isSeed));
    return chosen;
  }

  private static long next(Iterator<Choice> given) {
    return given.hasNext() ? given.next().value() : 0;
  }

  /** Draws what is a part of a value, and none itself. */
  private <T> T parts(Supplier<T> drawn) {
    depth++;
    try {
      return drawn.get();
    } finally {
      depth--;
    }
  }

  private <T> T value(T value) {
    if (depth == 0) {
      values.add(value);
    }
    return value;
  }
}
