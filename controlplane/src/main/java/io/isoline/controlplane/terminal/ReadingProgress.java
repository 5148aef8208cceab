package io.isoline.controlplane.terminal;

import io.isoline.controlplane.manifest.ReadingListener;
import io.isoline.controlplane.text.Printable;

/**
 * Tells a person who waits how far the reading of large manifests has come, in one line of the
 * terminal that is written over and taken away at the end. What takes no time is not told.
 */
public final class ReadingProgress implements ReadingListener, AutoCloseable {

  /** Characters that are read within a moment. */
  static final long QUICK = 1 << 20;

  /** Characters between two signs of life. */
  private static final long STEP = 1 << 18;

  private final Terminal terminal;
  private String file = "";
  private long before;
  private long last;
  private long told;
  private boolean shown;

  public ReadingProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void reading(String name, long done, long total) {
    if (!name.equals(file)) {
      before += last;
      file = name;
    }
    last = total;
    if (before + total < QUICK || (shown && before + done - told < STEP)) {
      return;
    }
    told = before + done;
    show("reading " + Printable.line(name, 60) + ": " + 100 * done / Math.max(1, total) + " %");
  }

  /** What is done when all has been read. */
  public void next(String what) {
    if (before + last >= QUICK) {
      show(what);
    }
  }

  private void show(String what) {
    if (terminal.interactive()) {
      shown = true;
      terminal.progress("isoline: " + what + " …");
    }
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (shown) {
      terminal.progress("");
    }
  }
}
