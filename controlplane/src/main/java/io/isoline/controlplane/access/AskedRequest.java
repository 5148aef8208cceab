package io.isoline.controlplane.access;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request that may pass or not, as Envoy describes it.
 *
 * @param authority host and port as the client wrote them
 * @param uri path and query
 * @param scheme {@code http} or {@code https}: that of the client, also behind a trusted proxy
 * @param client the address of the client
 * @param headers in the order of the request, without those of HTTP/2 itself
 */
public record AskedRequest(
    String method,
    String authority,
    String uri,
    String scheme,
    String client,
    List<HeaderLine> headers) {

  private static final String CLIENT = "x-envoy-external-address";
  private static final String HTTPS = "https";

  public AskedRequest {
    headers = List.copyOf(headers);
  }

  /** Takes what Envoy's filter of external authorization says. */
  public static AskedRequest of(AttributeContext attributes) {
    var http = attributes.getRequest().getHttp();
    List<HeaderLine> headers = new ArrayList<>();
    for (HeaderValue header : http.getHeaderMap().getHeadersList()) {
      if (!header.getKey().startsWith(":")) {
        headers.add(
            new HeaderLine(
                header.getKey().toLowerCase(Locale.ROOT),
                header.getRawValue().isEmpty()
                    ? bytes(header.getValue())
                    : header.getRawValue().toString(StandardCharsets.ISO_8859_1)));
      }
    }
    // As a filter has them that does not send bytes.
    http.getHeadersMap()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(":")) {
                headers.add(new HeaderLine(name, bytes(value)));
              }
            });
    String client = header(headers, CLIENT);
    String scheme = header(headers, "x-forwarded-proto");
    return new AskedRequest(
        http.getMethod(),
        http.getHost(),
        http.getPath(),
        HTTPS.equals(scheme == null ? http.getScheme() : scheme) ? HTTPS : "http",
        client == null
            ? attributes.getSource().getAddress().getSocketAddress().getAddress()
            : client,
        headers);
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The values of a header with commas between them; null when there is none. */
  public @Nullable String header(String name) {
    return header(headers, name);
  }

  private static @Nullable String header(List<HeaderLine> headers, String name) {
    String joined =
        headers.stream()
            .filter(header -> header.name().equals(name))
            .map(HeaderLine::value)
            .collect(Collectors.joining(name.equals("cookie") ? "; " : ", "));
    return joined.isEmpty() && headers.stream().noneMatch(header -> header.name().equals(name))
        ? null
        : joined;
  }

  /**
   * The value of a variable of nginx; empty where it has none.
   *
   * @param owner the Ingress that asks, as namespace/name
   */
  String value(String variable, String owner) {
    return switch (variable) {
      case "host", "server_name" -> host();
      case "http_host", "best_http_host" -> authority;
      case "scheme", "pass_access_scheme" -> scheme;
      case "https" -> scheme.equals(HTTPS) ? "on" : "";
      case "server_port", "pass_port", "pass_server_port" -> port();
      case "request_method" -> method;
      case "request_uri" -> uri;
      case "escaped_request_uri" -> UrlText.component(uri);
      case "uri", "document_uri" -> path();
      case "args", "query_string" -> query();
      case "is_args" -> query().isEmpty() ? "" : "?";
      case "remote_addr", "the_real_ip" -> client;
      case "remote_user" -> user();
      case "request_id", "req_id" -> orEmpty(header("x-request-id"));
      case "namespace" -> owner.substring(0, Math.max(0, owner.indexOf('/')));
      case "ingress_name" -> owner.substring(owner.indexOf('/') + 1);
      default -> ofRequest(variable);
    };
  }

  private String ofRequest(String variable) {
    int end = variable.indexOf('_');
    String name = variable.substring(end + 1);
    return switch (variable.substring(0, Math.max(0, end))) {
      case "http" -> orEmpty(header(name.toLowerCase(Locale.ROOT).replace('_', '-')));
      case "cookie" -> cookie(name);
      case "arg" -> argument(name);
      default -> "";
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private String host() {
    String host = authority.toLowerCase(Locale.ROOT);
    int colon = host.indexOf(':');
    return colon < 0 || host.startsWith("[") ? host : host.substring(0, colon);
  }

  private String port() {
    String port = header("x-forwarded-port");
    return port == null ? (scheme.equals(HTTPS) ? "443" : "80") : port;
  }

  private String path() {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private String query() {
    int query = uri.indexOf('?');
    return query < 0 ? "" : uri.substring(query + 1);
  }

  private String user() {
    String authorization = orEmpty(header("authorization"));
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return "";
    }
    try {
      String decoded =
          new String(
              Base64.getDecoder().decode(authorization.substring(6).strip()),
              StandardCharsets.ISO_8859_1);
      return decoded.substring(0, Math.max(0, decoded.indexOf(':')));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private String cookie(String name) {
    for (String each : orEmpty(header("cookie")).split(";", -1)) {
      String cookie = each.strip();
      if (cookie.startsWith(name + "=")) {
        return cookie.substring(name.length() + 1);
      }
    }
    return "";
  }

  private String argument(String name) {
    for (String each : query().split("&", -1)) {
      if (each.startsWith(name + "=")) {
        return each.substring(name.length() + 1);
      }
    }
    return "";
  }

  /** Leaves the headers out, so that no log shows them. */
  @Override
  public String toString() {
    return method + " " + authority;
  }
}
