package io.isoline.controlplane.kubernetes;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.isoline.controlplane.kubernetes.ReadFailure.Cause;
import io.isoline.translator.ObjectRef;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of the objects of one query in step with the API server, for as long as it is open.
 *
 * <p>It reads all objects, then follows what happens to them by a watch, from the version at which
 * the list was. A watch that ends, as each does after minutes, goes on from the last version that
 * was seen; when the server no longer knows that version, everything is read again, and only what
 * differs is told. A failure of any kind changes nothing of what is known: an object is gone when
 * the server says so, or when a complete list does not hold it.
 *
 * <p>The list comes by the watch itself where the server can do so, which costs it much less memory
 * (<a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists">streaming
 * lists</a>).
 *
 * <p>All of it happens in one virtual thread, which also calls the receiver.
 */
final class Reflector implements AutoCloseable {

  /** Hears what becomes of a query. */
  interface Receiver {

    /** A list begins. What was told of a list that has no end yet is void. */
    void begins();

    /** One object of the list. */
    void lists(Item item, ObjectIdentity identity);

    /** The list is complete: there is no other object. */
    void listed();

    /** An object is new, or other than before. */
    void changed(Item item, ObjectIdentity identity);

    /** An object is gone. */
    void removed(ObjectRef ref);

    /** Requests fail, more than once in a row; they are tried again. */
    void failed(ReadFailure failure);
  }

  /**
   * What all reflectors share.
   *
   * @param streamingLists whether the server has them, as far as is known
   */
  record Surroundings(
      ApiServer server,
      Requests requests,
      Problems problems,
      FeedListener listener,
      Timing timing,
      AtomicBoolean streamingLists) {}

  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  private static final String EVERYTHING =
      "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=&";

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final Query query;
  private final Surroundings around;
  private final @Nullable Semaphore openings;
  private final boolean optional;
  private final Receiver receiver;
  private final ItemReader reader;
  private final Thread thread;

  /** Where to go on from; empty when everything must be read. */
  private String version = "";

  private int failures;
  private boolean working;
  private boolean holdsOpening;
  private volatile boolean closed;

  /**
   * A reflector that has not been started.
   *
   * @param openings bounds how many of those that share it read their list at a time; null for no
   *     bound
   * @param optional whether it may be refused for good
   */
  Reflector(
      Query query,
      Surroundings around,
      @Nullable Semaphore openings,
      boolean optional,
      Receiver receiver) {
    this.query = query;
    this.around = around;
    this.openings = openings;
    this.optional = optional;
    this.receiver = receiver;
    this.reader = new ItemReader(query.kind());
    this.thread = Thread.ofVirtual().name(query.toString()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Stops reading at once. The receiver may be called one last time. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    around.problems().clear(query);
  }

  private void run() {
    try {
      while (!closed) {
        Duration pause;
        try {
          read();
          pause = Duration.ZERO;
        } catch (ReadFailure failure) {
          pause = afterFailure(failure);
        } catch (RuntimeException e) {
          // Whatever it is, to read no more would be worse. What was taken of it nobody can say.
          LOG.error("reading {} failed for a reason that nobody thought of", query, e);
          version = "";
          pause = afterFailure(new ReadFailure(Cause.BUSY, 0, e.toString(), Duration.ZERO));
        } finally {
          releaseOpening();
        }
        if (pause.isPositive()) {
          Thread.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Reads until the watch ends. */
  private void read() throws ReadFailure, InterruptedException {
    if (openings != null) {
      openings.acquire();
      holdsOpening = true;
    }
    if (version.isEmpty() && around.streamingLists().get()) {
      watch(EVERYTHING, true, false);
      return;
    }
    boolean resumed = !version.isEmpty();
    if (!resumed) {
      list();
    }
    watch("watch=true&resourceVersion=" + version + "&", false, resumed);
  }

  private void releaseOpening() {
    if (holdsOpening && openings != null) {
      holdsOpening = false;
      openings.release();
    }
  }

  /** How long to wait before the next try. */
  private Duration afterFailure(ReadFailure failure) {
    String verb = version.isEmpty() ? "list" : "watch";
    if (failure.kind() == Cause.EXPIRED && !version.isEmpty()) {
      version = "";
      return Duration.ZERO;
    }
    around.listener().failed(query.kind(), verb, failure.status());
    failures++;
    working = false;
    if (failure.kind() == Cause.UNSUPPORTED
        && around.streamingLists().compareAndSet(true, false)) {
      return Duration.ZERO;
    }
    // Once is nothing: a connection was closed as it was used, or the server is just starting.
    if (!closed && failures > 1) {
      receiver.failed(failure);
    }
    if (optional && failure.kind() == Cause.FORBIDDEN && failures > 1) {
      return around.timing().optionalRetry();
    }
    Duration pause = around.timing().firstRetry().multipliedBy(1L << Math.min(failures - 1, 20));
    if (pause.compareTo(around.timing().lastRetry()) > 0) {
      pause = around.timing().lastRetry();
    }
    if (pause.compareTo(failure.retryAfter()) < 0) {
      pause = failure.retryAfter();
    }
    return pause.multipliedBy(ThreadLocalRandom.current().nextInt(50, 101)).dividedBy(100);
  }

  private void works() {
    failures = 0;
    if (!working) {
      working = true;
      around.problems().clear(query);
    }
  }

  private void list() throws ReadFailure, InterruptedException {
    receiver.begins();
    try (ResponseBody body = around.requests().get(query.path(), around.timing().silence());
        JsonParser json = ItemReader.JSON.createParser(body)) {
      try {
        version = ListReader.read(json, this::lists);
      } catch (JacksonException e) {
        throw notJson(e, !json.getParsingContext().inRoot() && body.isAtEnd());
      }
    } catch (IOException e) {
      throw broken(e);
    }
    works();
    receiver.listed();
  }

  private void lists(JsonNode object) {
    ObjectRef ref = reader.ref(object);
    if (ref != null) {
      receiver.lists(reader.read(ref, object), reader.identity(object));
    }
  }

  /**
   * Follows events until there are no more.
   *
   * @param listing whether it begins with a list of all objects
   * @param resumed whether there was a watch before that this one goes on from
   */
  private void watch(String options, boolean listing, boolean resumed)
      throws ReadFailure, InterruptedException {
    // As long as the watches of other clients: ending them now and then spreads them over API
    // servers.
    int seconds = ThreadLocalRandom.current().nextInt(300, 600);
    String path = query.path() + options + "allowWatchBookmarks=true&timeoutSeconds=" + seconds;
    Timing timing = around.timing();
    long began = System.nanoTime();
    boolean incomplete = listing;
    boolean fruitful = false;
    try (ResponseBody body =
        around.requests().get(path, listing ? timing.answer() : AT_ONCE)) {
      if (listing) {
        receiver.begins();
      } else {
        releaseOpening();
        if (resumed) {
          around.listener().watchRestarted(query.kind());
        }
      }
      for (String line = firstLine(body, listing); line != null; line = body.readLine()) {
        JsonNode event = event(line, body);
        JsonNode object = event.path("object");
        String type = event.path("type").asText();
        if (type.equals("ERROR")) {
          throw error(object);
        }
        fruitful = true;
        if (!incomplete) {
          apply(type, object);
        } else if (!type.equals("BOOKMARK")) {
          lists(object);
        } else if (endsList(object)) {
          incomplete = false;
          version = versionOf(object);
          works();
          receiver.listed();
          releaseOpening();
          body.patience(timing.silence());
        }
      }
    } catch (IOException e) {
      if (incomplete && e instanceof SocketTimeoutException) {
        // An old server does not know how to end such a list.
        around.streamingLists().set(false);
      }
      if (incomplete || !fruitful) {
        throw broken(e);
      }
    }
    if (incomplete) {
      throw ReadFailure.unreachable("the list broke off");
    }
    if (!fruitful && System.nanoTime() - began < AT_ONCE.toNanos()) {
      throw ReadFailure.unreachable("the watch ended at once");
    }
  }

  /** A watch that goes on may have nothing to say for long. Not having ended at once is enough. */
  private @Nullable String firstLine(ResponseBody body, boolean listing) throws IOException {
    if (listing) {
      return body.readLine();
    }
    String line = null;
    boolean silent = false;
    try {
      line = body.readLine();
    } catch (SocketTimeoutException e) {
      silent = true;
    }
    body.patience(around.timing().silence());
    if (silent) {
      works();
      line = body.readLine();
    }
    return line;
  }

  private static boolean endsList(JsonNode bookmark) {
    return bookmark
        .path("metadata")
        .path("annotations")
        .path("k8s.io/initial-events-end")
        .asText("")
        .equals("true");
  }

  private void apply(String type, JsonNode object) {
    String reached = versionOf(object);
    ObjectRef ref = reader.ref(object);
    works();
    if (ref != null && !type.equals("BOOKMARK")) {
      around.listener().event(query.kind());
      if (type.equals("DELETED")) {
        receiver.removed(ref);
      } else {
        receiver.changed(reader.read(ref, object), reader.identity(object));
      }
    }
    if (!reached.isEmpty()) {
      version = reached;
    }
  }

  private static String versionOf(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asText("");
  }

  private static ReadFailure error(JsonNode status) {
    int code = status.path("code").asInt(0);
    return ReadFailure.ofStatus(
        code, status.path("message").asText("the watch ended with an error"), Duration.ZERO);
  }

  private static JsonNode event(String line, ResponseBody body) throws ReadFailure {
    try {
      return ItemReader.JSON.readTree(line);
    } catch (JacksonException e) {
      throw notJson(e, line.startsWith("{") && body.isAtEnd());
    }
  }

  /**
   * Makes the failure for an answer that is not JSON, and so not of an API server.
   *
   * @param cutOff whether it was JSON as far as it goes: some proxies end an answer as if it were
   *     complete when they lose the server
   */
  private static ReadFailure notJson(JacksonException e, boolean cutOff) {
    if (cutOff) {
      return ReadFailure.unreachable("the answer broke off");
    }
    return new ReadFailure(
        Cause.UNEXPECTED,
        200,
        "its answer is not what an API server says: " + e.getOriginalMessage(),
        Duration.ZERO);
  }

  private static ReadFailure broken(IOException e) throws InterruptedException {
    if (e instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    return ReadFailure.unreachable(String.valueOf(e.getMessage()));
  }
}
