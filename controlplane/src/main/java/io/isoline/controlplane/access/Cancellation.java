package io.isoline.controlplane.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Ends what is done for a request whose client has left. For any thread. */
public final class Cancellation {

  @GuardedBy("this")
  private @Nullable Closeable current;

  @GuardedBy("this")
  private boolean cancelled;

  /** Nobody waits for the answer any more. */
  public void cancel() {
    Closeable open;
    synchronized (this) {
      cancelled = true;
      open = current;
    }
    close(open);
  }

  /** Whether nobody waits for the answer any more. */
  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Has this closed by {@link #cancel}; null for nothing. */
  void closing(@Nullable Closeable open) throws IOException {
    synchronized (this) {
      current = open;
      if (!cancelled) {
        return;
      }
    }
    close(open);
    throw new IOException("the client has left");
  }

  private static void close(@Nullable Closeable open) {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is as closed as it can be.
      }
    }
  }
}
