package io.isoline.controlplane.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * As much of an API server as is needed to be read from: lists, watches that begin at a version or
 * with all objects, bookmarks, field and label selectors for equality, and the ways to fail.
 */
final class FakeApiServer implements AutoCloseable {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @GuardedBy("this")
  private final Map<String, ObjectNode> objects = new TreeMap<>();
  @GuardedBy("this")
  private final List<Event> history = new ArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final int port;

  private HttpServer server;
  @GuardedBy("this")
  private Predicate<Request> failing = request -> false;
  @GuardedBy("this")
  private int failure;
  @GuardedBy("this")
  private String failureText = "";
  @GuardedBy("this")
  private boolean streamingLists = true;
  @GuardedBy("this")
  private long oldest;
  @GuardedBy("this")
  private long version = 100;
  @GuardedBy("this")
  private int generation;
  @GuardedBy("this")
  private Predicate<Request> frozen = request -> false;
  @GuardedBy("this")
  private IntSupplier allowance = () -> Integer.MAX_VALUE;
  @GuardedBy("this")
  private int cuts;

  private record Event(long version, String plural, String type, ObjectNode object) {}

  /** A request as it came. */
  record Request(
      String path, String plural, String namespace, Map<String, String> query, String token) {

    boolean isWatch() {
      return "true".equals(query.get("watch"));
    }

    String parameter(String name) {
      return query.getOrDefault(name, "");
    }

    private boolean selects(String other, JsonNode object) {
      JsonNode metadata = object.path("metadata");
      String fields = parameter("fieldSelector");
      String label = parameter("labelSelector");
      return plural.equals(other)
          && (namespace.isEmpty() || namespace.equals(metadata.path("namespace").asText()))
          && (!fields.startsWith("metadata.name=")
              || fields.equals("metadata.name=" + metadata.path("name").asText()))
          && (label.isEmpty()
              || metadata
                  .path("labels")
                  .path(label.substring(0, label.indexOf('=')))
                  .asText()
                  .equals(label.substring(label.indexOf('=') + 1)));
    }
  }

  FakeApiServer() throws IOException {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpServer listen(int on) throws IOException {
    HttpServer fresh =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 200);
    fresh.createContext("/", this::handle);
    fresh.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    fresh.start();
    return fresh;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Creates an object, or replaces it. The JSON may have single quotes. */
  synchronized void put(String plural, String json) {
    ObjectNode object = parse(json);
    String key = key(plural, object);
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    ObjectNode before = objects.get(key);
    metadata.put("resourceVersion", Long.toString(++version));
    metadata.put(
        "uid", before == null ? "uid-" + version : before.path("metadata").path("uid").asText());
    objects.put(key, object);
    history.add(new Event(version, plural, before == null ? "ADDED" : "MODIFIED", object));
    notifyAll();
  }

  synchronized void delete(String plural, String namespace, String name) {
    ObjectNode gone = objects.remove(plural + "/" + namespace + "/" + name);
    if (gone == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    ObjectNode last = gone.deepCopy();
    ((ObjectNode) last.path("metadata")).put("resourceVersion", Long.toString(++version));
    history.add(new Event(version, plural, "DELETED", last));
    notifyAll();
  }

  private static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static String key(String plural, ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return plural
        + "/"
        + metadata.path("namespace").asText("")
        + "/"
        + metadata.path("name").asText();
  }

  /** From now on, such requests get this status. */
  synchronized void fail(int status, String text, Predicate<Request> which) {
    failing = which;
    failure = status;
    failureText = text;
  }

  synchronized void heal() {
    failing = request -> false;
  }

  /** It has no streaming lists: it says so, as one does where they are turned off. */
  synchronized void withoutStreamingLists() {
    streamingLists = false;
  }

  /** It takes such requests and says nothing, nor anything more to those that it took before. */
  synchronized void freeze(Predicate<Request> which) {
    frozen = which;
    notifyAll();
  }

  synchronized void thaw() {
    frozen = request -> false;
    notifyAll();
  }

  /**
   * It closes the connection of each request from now on when this many bytes of the body are
   * written, or, for a negative number, without an answer.
   */
  synchronized void cutConnections(IntSupplier afterBytes) {
    allowance = afterBytes;
  }

  synchronized void cutNoMore() {
    allowance = () -> Integer.MAX_VALUE;
    endWatches();
  }

  /** How many connections it has cut. */
  synchronized int cuts() {
    return cuts;
  }

  /** An answer that ends when the connection is cut. */
  private final class CutStream extends FilterOutputStream {
    private int left;

    CutStream(OutputStream out, int left) {
      super(out);
      this.left = left;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, Math.min(length, left));
      if (length > left) {
        out.flush();
        throw cut();
      }
      left -= length;
    }
  }

  private synchronized IOException cut() {
    cuts++;
    return new IOException("cut");
  }

  /** It forgets what has happened so far: a watch from before cannot go on. */
  synchronized void forgetHistory() {
    oldest = version;
    history.clear();
  }

  /** Ends all watches, as a server does from time to time. */
  synchronized void endWatches() {
    generation++;
    notifyAll();
  }

  /** Is gone, with all connections. */
  void stop() {
    server.stop(0);
    endWatches();
  }

  /** Is there again, at the same port. */
  void restart() throws IOException {
    server = listen(port);
  }

  /** All requests so far. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  long count(Predicate<Request> which) {
    return requests.stream().filter(which).count();
  }

  @Override
  public void close() {
    stop();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Request request = request(exchange);
    requests.add(request);
    try {
      int status;
      String text;
      synchronized (this) {
        while (frozen.test(request)) {
          wait();
        }
        boolean unknown = !streamingLists && !request.parameter("sendInitialEvents").isEmpty();
        status = failing.test(request) ? failure : unknown ? 422 : 200;
        int afterBytes = allowance.getAsInt();
        if (afterBytes < 0) {
          throw cut();
        }
        if (afterBytes < Integer.MAX_VALUE) {
          exchange.setStreams(null, new CutStream(exchange.getResponseBody(), afterBytes));
        }
        text = status == 422 ? "sendInitialEvents is forbidden for watch" : failureText;
      }
      if (status != 200) {
        answer(exchange, status, status(status, text));
      } else if (request.isWatch()) {
        watch(exchange, request);
      } else {
        answer(exchange, 200, list(request));
      }
      exchange.getResponseBody().close();
    } catch (InterruptedException e) {
      exchange.close();
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      exchange.close();
      throw e;
    }
  }

  private static Request request(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    String[] parts = path.split("/", -1);
    boolean namespaced = path.contains("/namespaces/");
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    return new Request(
        path,
        parts[parts.length - 1],
        namespaced ? parts[parts.length - 2] : "",
        query,
        token == null ? "" : token);
  }

  private static String status(int code, String text) {
    ObjectNode status = JSON.createObjectNode();
    status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
    status.put("message", text).put("code", code);
    return status.toString();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private synchronized String list(Request request) {
    ObjectNode list = JSON.createObjectNode();
    list.put("kind", "List").put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    ArrayNode items = list.putArray("items");
    selected(request).forEach(items::add);
    return list.toString();
  }

  private synchronized List<ObjectNode> selected(Request request) {
    List<ObjectNode> selected = new ArrayList<>();
    objects.forEach(
        (key, object) -> {
          if (request.selects(key.substring(0, key.indexOf('/')), object)) {
            selected.add(object);
          }
        });
    return selected;
  }

  private void watch(HttpExchange exchange, Request request)
      throws IOException, InterruptedException {
    List<String> first = new ArrayList<>();
    long sent;
    int born;
    synchronized (this) {
      born = generation;
      if (request.parameter("sendInitialEvents").equals("true")) {
        selected(request).forEach(object -> first.add(event("ADDED", object)));
        sent = version;
        first.add(event("BOOKMARK", bookmark(true, sent)));
      } else {
        sent = Long.parseLong(request.parameter("resourceVersion"));
        if (sent < oldest) {
          first.add(event("ERROR", parse(status(410, "too old resource version: " + sent))));
        } else {
          // What happened since then comes after it.
          first.add(event("BOOKMARK", bookmark(false, sent)));
        }
      }
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    write(out, first);
    boolean expired = !first.isEmpty() && first.getLast().contains("ERROR");
    while (!expired) {
      List<String> next = new ArrayList<>();
      synchronized (this) {
        while (generation == born && (frozen.test(request) || next.isEmpty())) {
          for (Event event : history) {
            if (event.version() > sent) {
              sent = event.version();
              if (request.selects(event.plural(), event.object())) {
                next.add(event(event.type(), event.object()));
              }
            }
          }
          if (frozen.test(request) || next.isEmpty()) {
            wait();
          }
        }
        if (next.isEmpty()) {
          return;
        }
      }
      write(out, next);
    }
  }

  private static ObjectNode bookmark(boolean endsList, long at) {
    ObjectNode bookmark = JSON.createObjectNode();
    ObjectNode metadata = bookmark.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(at));
    if (endsList) {
      metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    return bookmark;
  }

  private static String event(String type, ObjectNode object) {
    ObjectNode event = JSON.createObjectNode();
    event.put("type", type);
    event.set("object", object);
    return event + "\n";
  }

  private static void write(OutputStream out, List<String> lines) {
    try {
      for (String line : lines) {
        out.write(line.getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
