package io.isoline.controlplane.access;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A connection to an authentication service, on which one question is asked at a time. Reads no more
 * of an answer than its head, and a short body where the connection is to be used again.
 */
final class AuthConnection implements Closeable {

  private static final int MAX_HEAD = 64 << 10;
  private static final int MAX_BODY = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private long deadline;
  private long left;
  private boolean chunked;
  private boolean reusable;

  /** Takes one that is connected. */
  AuthConnection(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream(), 4 << 10);
  }

  /**
   * Sends a question.
   *
   * @param untilNanos when the time for the answer is over, by {@link System#nanoTime}
   */
  void send(Question question, long untilNanos) throws IOException {
    deadline = untilNanos;
    socket.getOutputStream().write(question.head().getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Waits for the first byte of the answer; false when the other side has closed instead. */
  boolean isAnswering() throws IOException {
    in.mark(1);
    int first = read();
    in.reset();
    return first >= 0;
  }

  /** Reads the head of the answer to a question with this method. */
  AuthAnswer head(String method) throws IOException {
    int[] budget = {MAX_HEAD};
    String start;
    List<HeaderLine> headers;
    int status;
    do {
      start = line(budget);
      status = status(start);
      headers = headers(budget);
    } while (status >= 100 && status < 200 && status != 101);
    frame(start, status, method, headers);
    return new AuthAnswer(status, headers);
  }

  private static int status(String line) throws IOException {
    if (!line.matches("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?")) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private List<HeaderLine> headers(int[] budget) throws IOException {
    List<HeaderLine> headers = new ArrayList<>();
    for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer has a header without a colon");
      }
      headers.add(
          new HeaderLine(
              line.substring(0, colon).toLowerCase(Locale.ROOT),
              line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private void frame(String start, int status, String method, List<HeaderLine> headers) {
    AuthAnswer answer = new AuthAnswer(status, headers);
    String connection = answer.header("connection");
    String coding = answer.header("transfer-encoding");
    String length = answer.header("content-length");
    boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
    chunked = !bodiless && coding != null;
    left =
        bodiless || chunked
            ? 0
            : length != null && length.matches("[0-9]{1,9}") ? Long.parseLong(length) : -1;
    reusable =
        start.startsWith("HTTP/1.1")
            && status != 101
            && (connection == null || !connection.toLowerCase(Locale.ROOT).contains("close"))
            && (coding == null || coding.equalsIgnoreCase("chunked"))
            && left >= 0
            && left <= MAX_BODY;
  }

  /** Reads the rest of the answer, if it is short; false when the connection is of no more use. */
  boolean finish() {
    if (!reusable) {
      return false;
    }
    try {
      int[] budget = {MAX_BODY};
      if (chunked) {
        for (long size = chunk(budget); size > 0; size = chunk(budget)) {
          skip(size, budget);
          line(budget);
        }
        while (!line(budget).isEmpty()) {
          // A trailer; it does not matter.
        }
      } else {
        skip(left, budget);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private long chunk(int[] budget) throws IOException {
    String size = line(budget).replaceFirst(";.*", "").strip();
    if (!size.matches("[0-9a-fA-F]{1,8}")) {
      throw new IOException("the answer has a malformed body");
    }
    return Long.parseLong(size, 16);
  }

  private void skip(long bytes, int[] budget) throws IOException {
    budget[0] -= (int) Math.min(bytes, budget[0] + 1L);
    if (budget[0] < 0) {
      throw new IOException("the answer is too long");
    }
    for (long i = 0; i < bytes; i++) {
      if (read() < 0) {
        throw new EOFException("the answer ends in the middle");
      }
    }
  }

  private String line(int[] budget) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = read();
    while (next != '\n') {
      if (next < 0) {
        throw new EOFException("the answer ends in the middle");
      }
      if (--budget[0] < 0) {
        throw new IOException("the head of the answer is longer than 64 KiB");
      }
      line.append((char) next);
      next = read();
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private int read() throws IOException {
    // What is in the buffer is there whatever the time.
    if (in.available() == 0) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) millis);
    }
    return in.read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
