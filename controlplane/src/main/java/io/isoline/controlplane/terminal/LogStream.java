package io.isoline.controlplane.terminal;

import io.isoline.controlplane.text.Printable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where logs are written. A record is one line of bounded length, whatever names of others are in
 * it; so is each line of a stack trace.
 */
final class LogStream extends PrintStream {

  /** Characters. A record of ours is a tenth of that at most. */
  static final int LONGEST = 8_000;

  LogStream(OutputStream out) {
    super(out, true, StandardCharsets.UTF_8);
  }

  @Override
  public void println(@Nullable String line) {
    super.println(Printable.line(String.valueOf(line), LONGEST));
  }

  @Override
  public void println(@Nullable Object line) {
    println(String.valueOf(line));
  }
}
