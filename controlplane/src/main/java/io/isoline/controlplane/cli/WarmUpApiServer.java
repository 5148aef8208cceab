package io.isoline.controlplane.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.isoline.translator.tls.ServerCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API server that can do what a start of the control plane asks for, over TLS and HTTP/2 like a
 * real one. It has watches that begin with all objects and go on with a change of each, empty
 * lists, and an answer to each write, which it does not keep.
 */
final class WarmUpApiServer implements AutoCloseable {

  private static final String JSON = "application/json";

  /** Finds the resource in a path, and whether one object of it is meant. */
  private static final Pattern PATH =
      Pattern.compile("/apis?/(?:[^/]+/)?v1/(?:namespaces/[^/]+/)?([a-z]+)(/.*)?");

  private final Vertx vertx = Vertx.vertx();
  private final List<ObjectNode> objects;
  private final Set<String> written = ConcurrentHashMap.newKeySet();
  private final HttpServer server;

  /**
   * Starts to listen on a free port.
   *
   * @param objects what there is, as in manifests
   */
  WarmUpApiServer(ServerCertificate.Valid certificate, List<ObjectNode> objects)
      throws IOException, InterruptedException {
    this.objects = objects;
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(certificate.chain().toByteArray()))
                    .addKeyValue(Buffer.buffer(certificate.key().toByteArray())));
    try {
      server =
          vertx
              .createHttpServer(options)
              .requestHandler(this::answer)
              .listen(0)
              .toCompletionStage()
              .toCompletableFuture()
              .get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  int port() {
    return server.actualPort();
  }

  /** The resources of which something was created or changed so far. */
  Set<String> written() {
    return Set.copyOf(written);
  }

  private void answer(HttpServerRequest request) {
    Matcher path = PATH.matcher(request.path());
    HttpServerResponse response = request.response().putHeader("Content-Type", JSON);
    if (!path.matches()) {
      notFound(response);
    } else if (!request.method().equals(HttpMethod.GET)) {
      request
          .body()
          .onSuccess(
              body -> {
                boolean created = request.method().equals(HttpMethod.POST);
                written.add(path.group(1));
                response.setStatusCode(created ? 201 : 200).end(body);
              });
    } else if ("true".equals(request.getParam("watch"))) {
      watch(path.group(1), request, response.setChunked(true));
    } else if (path.group(2) != null) {
      notFound(response);
    } else {
      response.end("{'metadata': {'resourceVersion': '1'}, 'items': []}".replace('\'', '"'));
    }
  }

  private static void notFound(HttpServerResponse response) {
    response
        .setStatusCode(404)
        .end("{'kind': 'Status', 'apiVersion': 'v1', 'code': 404}".replace('\'', '"'));
  }

  private void watch(String resource, HttpServerRequest request, HttpServerResponse response) {
    String selector = request.getParam("fieldSelector", "");
    List<ObjectNode> selected =
        objects.stream()
            .filter(object -> resource.equals(resource(object)))
            .filter(
                object ->
                    selector.isEmpty()
                        || selector.equals("metadata.name=" + name(object)))
            .toList();
    if (request.getParam("sendInitialEvents") != null) {
      selected.forEach(object -> response.write(event("ADDED", object, "1")));
      ObjectNode end = JsonNodeFactory.instance.objectNode();
      end.putObject("metadata")
          .putObject("annotations")
          .put("k8s.io/initial-events-end", "true");
      response.write(event("BOOKMARK", end, "1"));
    }
    selected.forEach(object -> response.write(event("MODIFIED", object, "2")));
  }

  private static String resource(ObjectNode object) {
    String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
    return kind.endsWith("ss") ? kind + "es" : kind + "s";
  }

  private static String name(ObjectNode object) {
    return metadata(object).path("name").asText();
  }

  private static ObjectNode metadata(ObjectNode object) {
    return object.withObjectProperty("metadata");
  }

  private static String event(String type, ObjectNode object, String version) {
    ObjectNode told = object.deepCopy();
    ObjectNode metadata = metadata(told);
    metadata.put("namespace", "default");
    metadata.put("uid", "1-2-3");
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.put("resourceVersion", version);
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    event.set("object", told);
    return event + "\n";
  }

  /** Begins to close, which the end of the process completes. */
  @Override
  public void close() {
    var _ = vertx.close();
  }
}
