package io.isoline.controlplane.envoy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ingresses, and what ingress-nginx 1.15.1 was seen to answer with them.
 *
 * @param fact a short name
 * @param ingresses the oldest first
 * @param requests in their order, each on a connection of its own
 */
record NginxFact(String fact, List<Annotated> ingresses, List<Exchange> requests) {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  /**
   * An Ingress in short.
   *
   * @param ingressClassName {@code nginx} when null, none when empty
   * @param annotations a name without a slash has the prefix of ingress-nginx
   * @param tls as in the specification
   * @param defaultBackend a Service, its port being 80
   */
  record Annotated(
      String name,
      @Nullable String ingressClassName,
      Map<String, String> annotations,
      @Nullable List<Map<String, Object>> tls,
      @Nullable String defaultBackend,
      List<Rule> rules) {

    Annotated {
      annotations = orNone(annotations);
    }

    /** The object as JSON. */
    String object(int age) throws JsonProcessingException {
      Map<String, String> all = new LinkedHashMap<>();
      annotations.forEach((name, value) -> all.put(name.contains("/") ? name : PREFIX + name, value));
      Map<String, Object> spec = new LinkedHashMap<>();
      String className = ingressClassName == null ? "nginx" : ingressClassName;
      if (!className.isEmpty()) {
        spec.put("ingressClassName", className);
      }
      if (defaultBackend != null) {
        spec.put("defaultBackend", backend(defaultBackend));
      }
      if (tls != null) {
        spec.put("tls", tls);
      }
      if (!rules.isEmpty()) {
        spec.put("rules", rules.stream().map(Rule::object).toList());
      }
      return new JsonMapper()
          .writeValueAsString(
              Map.of(
                  "apiVersion",
                  "networking.k8s.io/v1",
                  "kind",
                  "Ingress",
                  "metadata",
                  Map.of(
                      "name",
                      name,
                      "namespace",
                      "default",
                      "creationTimestamp",
                      "2026-01-01T00:00:%02dZ".formatted(age),
                      "annotations",
                      all),
                  "spec",
                  spec));
    }
  }

  /**
   * A rule.
   *
   * @param host empty for none
   * @param paths each {@code TYPE PATH SERVICE}
   */
  record Rule(String host, List<String> paths) {

    private Map<String, Object> object() {
      List<Map<String, Object>> all = new ArrayList<>();
      for (String path : paths) {
        String[] parts = path.split(" ", 3);
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("pathType", parts[0]);
        if (!parts[1].isEmpty()) {
          one.put("path", parts[1]);
        }
        one.put("backend", backend(parts[2]));
        all.add(one);
      }
      Map<String, Object> rule = new LinkedHashMap<>();
      if (!host.isEmpty()) {
        rule.put("host", host);
      }
      rule.put("http", Map.of("paths", all));
      return rule;
    }
  }

  /**
   * A request and its answer.
   *
   * @param request method, and host with path
   * @param tls whether it goes over TLS
   * @param headers what is sent besides Host
   * @param body bytes of the body
   * @param backend who answered; null for the controller
   * @param path the path and query that the backend got; those of the request when null
   * @param backendHost the Host that the backend got; that of the request when null
   * @param toBackend headers that the backend got otherwise than they were sent, in lower case; {@code none}
   *     for one that it did not get
   * @param toClient headers of the answer, in lower case
   */
  record Exchange(
      String request,
      boolean tls,
      Map<String, String> headers,
      int body,
      int status,
      @Nullable String location,
      @Nullable String backend,
      @Nullable String path,
      @Nullable String backendHost,
      Map<String, String> toBackend,
      Map<String, String> toClient) {

    Exchange {
      headers = orNone(headers);
      toBackend = orNone(toBackend);
      toClient = orNone(toClient);
    }

    String method() {
      return request.substring(0, request.indexOf(' '));
    }

    String host() {
      return request.substring(request.indexOf(' ') + 1, request.indexOf('/'));
    }

    /** Path and query. */
    String target() {
      return request.substring(request.indexOf('/'));
    }

    /** The request as it goes out. */
    String raw() {
      StringBuilder raw = new StringBuilder(method() + " " + target() + " HTTP/1.1\r\n");
      if (!host().isEmpty()) {
        raw.append("Host: ").append(host()).append("\r\n");
      }
      headers.forEach((name, value) -> raw.append(name).append(": ").append(value).append("\r\n"));
      if (body > 0) {
        raw.append("Content-Length: ").append(body).append("\r\n");
      }
      return raw.append("Connection: close\r\n\r\n").append("a".repeat(body)).toString();
    }
  }

  private static Map<String, String> orNone(@Nullable Map<String, String> given) {
    return given == null ? Map.of() : given;
  }

  private static Map<String, Object> backend(String service) {
    return Map.of("service", Map.of("name", service, "port", Map.of("number", 80)));
  }

  /** Reads the facts of a file. */
  static List<NginxFact> read(Path file) throws IOException {
    return List.of(new YAMLMapper().readValue(file.toFile(), NginxFact[].class));
  }

  /** All objects, as documents. */
  String manifest() throws JsonProcessingException {
    List<String> documents = new ArrayList<>();
    for (Annotated ingress : ingresses) {
      documents.add(ingress.object(documents.size()));
    }
    return String.join("\n---\n", documents);
  }
}
