package io.isoline.tries;

import io.isoline.tries.Shrinking.Failure;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Runs a test many times with other random values each time, and others in each run.
 *
 * <p>The first line of a failure has the seed of the try, and what repeats it: {@code
 * -Disoline.seed=SEED} makes that try, and it alone. {@code -Disoline.tries=N} sets how many there
 * are, instead of what the test says. With both, that try is the first of N, the same in each run.
 * {@code -Disoline.shrinking=N} sets how many runs may go into making the values of a failure
 * smaller; 0 is for who wants to know no more than that it fails.
 */
public final class Tries {

  private static final int SHRINKING_RUNS = Integer.getInteger("isoline.shrinking", 2_000);
  private static final int REPORT_LIMIT = 10_000;

  private final int count;
  private final @Nullable Long seed;

  private Tries(int count, @Nullable Long seed) {
    this.count = count;
    this.seed = seed;
  }

  /** As many tries, unless the system properties say otherwise. */
  public static Tries of(int count) {
    String tries = System.getProperty("isoline.tries");
    String seed = System.getProperty("isoline.seed");
    return of(count, tries, seed);
  }

  /** As {@link #of(int)}, with the values of the system properties; null for those not set. */
  static Tries of(int count, @Nullable String tries, @Nullable String seed) {
    int many = tries == null ? count : Integer.parseInt(tries);
    if (seed == null) {
      return new Tries(many, null);
    }
    return new Tries(tries == null ? 1 : many, Long.valueOf(seed));
  }

  /** These, whatever the system properties say; those after the seed follow from it. */
  static Tries exactly(int count, @Nullable Long seed) {
    return new Tries(count, seed);
  }

  /**
   * Runs the test until it fails or there were enough tries.
   *
   * @param test begins with nothing that an earlier try has left; may be called on after a failure
   * @throws AssertionError when a try fails; its cause is what the smallest such try threw
   */
  public void run(Consumer<Draw> test) {
    SplittableRandom seeds = seed == null ? new SplittableRandom() : new SplittableRandom(seed);
    for (int i = 1; i <= count; i++) {
      long next = i == 1 && seed != null ? seed : seeds.nextLong();
      run(next, count == 1 ? "the try" : "try %d of %d".formatted(i, count), test);
    }
  }

  private static void run(long seed, String which, Consumer<Draw> test) {
    Failure failure = failure(Draw.of(seed), test);
    if (failure == null) {
      return;
    }
    Failure smallest =
        Shrinking.of(failure, SHRINKING_RUNS, choices -> failure(Draw.again(choices), test));
    throw new AssertionError(
        "%s fails; to repeat it: -Disoline.seed=%d -Dtest=%s\ndrew %s\n%s"
            .formatted(
                which, seed, caller(), readable(smallest.draw().values()), smallest.thrown()),
        smallest.thrown());
  }

  private static @Nullable Failure failure(Draw draw, Consumer<Draw> test) {
    try {
      test.accept(draw);
      return null;
    } catch (TestAbortedException e) {
      return null; // These values are none that the test is about.
    } catch (Throwable e) {
      return new Failure(draw, e);
    }
  }

  /** The test method, as Surefire's {@code -Dtest} takes it. */
  private static String caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(Tries.class.getName()))
                    .findFirst()
                    .map(
                        frame ->
                            frame.getClassName().replaceFirst(".*\\.", "")
                                + "#"
                                + frame.getMethodName().replaceFirst("^lambda\\$(.*)\\$.*", "$1"))
                    .orElse("?"));
  }

  /** On one line, with all characters that a terminal would not show as they are in numbers. */
  private static String readable(Object values) {
    StringBuilder readable = new StringBuilder();
    for (char c : String.valueOf(values).toCharArray()) {
      if (readable.length() > REPORT_LIMIT) {
        return readable.append("…").toString();
      }
      if (c < ' ' || c > '~') {
        readable.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        readable.append(c);
      }
    }
    return readable.toString();
  }
}
