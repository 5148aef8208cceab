package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as it comes in. It is asked for piece by piece, so a reader that is slow
 * slows down the sender; and a reader that waits holds no memory, so that thousands can wait.
 *
 * <p>One thread reads. The threads of the client deliver.
 */
final class ResponseBody extends InputStream implements AsyncBody.Consumer<List<ByteBuffer>> {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** The pieces that have arrived; an empty Optional is the end. */
  private final BlockingQueue<Optional<ByteBuffer>> arrived = new LinkedBlockingQueue<>();

  private Duration patience;

  private volatile @Nullable Throwable failure;
  private @Nullable AsyncBody source;
  private ByteBuffer current = NOTHING;
  private boolean awaiting;
  private boolean ended;

  /**
   * A body that nothing has come of yet.
   *
   * @param patience after a silence of this time the answer is given up
   */
  ResponseBody(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody body) {
    buffers.forEach(buffer -> arrived.add(Optional.of(buffer)));
  }

  /** Changes the silence after which the answer is given up. */
  void patience(Duration other) {
    patience = other;
  }

  /** Connects the body with where it comes from, before it is read. */
  void attach(AsyncBody body) {
    source = body;
    var _ =
        body.done()
            .whenComplete(
                (nothing, thrown) -> {
                  failure = thrown;
                  arrived.add(Optional.empty());
                });
  }

  @Override
  public int read() throws IOException {
    return fill() ? current.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, current.remaining());
    current.get(bytes, offset, count);
    return count;
  }

  /** The next line; null at the end. What follows the last line break is a line, too. */
  @Nullable String readLine() throws IOException {
    ByteArrayOutputStream line = null;
    while (fill()) {
      if (line == null) {
        line = new ByteArrayOutputStream(Math.max(256, current.remaining()));
      }
      while (current.hasRemaining()) {
        byte next = current.get();
        if (next == '\n') {
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(next);
      }
    }
    return line == null ? null : line.toString(StandardCharsets.UTF_8);
  }

  /** Whether the end was read. */
  boolean isAtEnd() {
    return ended && !current.hasRemaining();
  }

  /** Waits until there is something to read; false at the end. */
  private boolean fill() throws IOException {
    while (!current.hasRemaining()) {
      current = NOTHING;
      if (ended) {
        return false;
      }
      Optional<ByteBuffer> next = next();
      awaiting = false;
      if (next.isEmpty()) {
        ended = true;
        Throwable thrown = failure;
        if (thrown != null && !(thrown instanceof CancellationException)) {
          throw new IOException("the answer broke off: " + ServerConfig.rootMessage(thrown), thrown);
        }
      } else {
        current = next.get();
      }
    }
    return true;
  }

  private Optional<ByteBuffer> next() throws IOException {
    Optional<ByteBuffer> next = arrived.poll();
    if (next != null) {
      return next;
    }
    if (!awaiting && source != null) {
      awaiting = true;
      source.consume();
    }
    try {
      next = arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("closed");
    }
    if (next == null) {
      throw new SocketTimeoutException("silent for " + patience.toSeconds() + " s");
    }
    return next;
  }

  /** Tells the server that nobody reads any more. */
  @Override
  public void close() {
    if (source != null && !ended) {
      source.cancel();
    }
  }
}
