package io.isoline.controlplane.terminal;

/**
 * A bar in one line of the terminal that is written over as work goes on and taken away at the end.
 * Where nobody watches it shows nothing. Not safe for use by several threads.
 */
public final class ProgressBar implements AutoCloseable {

  private static final int WIDTH = 30;

  private final Terminal terminal;
  private String shown = "";

  public ProgressBar(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Shows how much of all is done, with words behind the bar. */
  public void show(long done, long all, String words) {
    if (!terminal.interactive()) {
      return;
    }
    int filled = (int) (WIDTH * Math.clamp(done, 0, Math.max(0, all)) / Math.max(1, all));
    String line =
        "[%s%s] %d of %d%s"
            .formatted(
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                done,
                all,
                words.isEmpty() ? "" : ", " + words);
    if (!line.equals(shown)) {
      shown = line;
      terminal.progress(line);
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (!shown.isEmpty()) {
      terminal.progress("");
    }
  }
}
