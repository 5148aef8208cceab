package io.isoline.translator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.HeaderFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.model.RouteAction;
import java.util.List;
import java.util.Map;

/**
 * Writes the bodies of what Envoy answers itself: why, and that it was Envoy. A body holds words of
 * ours and of Envoy, and nothing of the request.
 *
 * <p>There are few mappers, as Envoy builds them for each filter chain: they wrap the words, and the
 * words come from the route that answers, or from Envoy.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/local_reply">Local
 *     reply modification</a>
 */
final class LocalReplies {

  private static final String FROM =
      "This answer is from Envoy, the ingress proxy, and not from an application.";
  private static final String NO_ENDPOINT = "no endpoint of the backend is ready";

  private static final String TEXT =
      "%RESPONSE_CODE% %LOCAL_REPLY_BODY% (%RESPONSE_CODE_DETAILS%)\n\n" + FROM + "\n";

  private static final String HTML =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>%RESPONSE_CODE%</title></head>
      <body>
      <h1>%RESPONSE_CODE%</h1>
      <p>%LOCAL_REPLY_BODY% (<code>%RESPONSE_CODE_DETAILS%</code>)</p>
      <p><small>"""
          + FROM
          + "</small></p>\n</body>\n</html>\n";

  private static final Struct JSON =
      Struct.newBuilder()
          .putAllFields(
              Map.of(
                  "status", text("%RESPONSE_CODE%"),
                  "reason", text("%LOCAL_REPLY_BODY%"),
                  "details", text("%RESPONSE_CODE_DETAILS%"),
                  "from", text("Envoy, the ingress proxy")))
          .build();

  /** For gRPC, Envoy makes a status and a message of it, which stay as they are. */
  private static final ResponseMapper GRPC =
      ResponseMapper.newBuilder()
          .setFilter(
              header("content-type", StringMatcher.newBuilder().setPrefix("application/grpc")))
          .setBodyFormatOverride(format("%LOCAL_REPLY_BODY%", "text/plain"))
          .build();

  private static final SubstitutionFormatString AS_JSON =
      SubstitutionFormatString.newBuilder().setJsonFormat(JSON).build();
  private static final SubstitutionFormatString AS_HTML = format(HTML, "text/html; charset=utf-8");
  private static final SubstitutionFormatString AS_TEXT = format(TEXT, "text/plain");

  private LocalReplies() {}

  /**
   * What the connection manager makes of its own answers, so that they say why; redirects stay as
   * they are.
   */
  static LocalReplyConfig explaining() {
    return LocalReplyConfig.newBuilder()
        .addMappers(GRPC)
        .addAllMappers(wrapped(mapper(noEndpoint()).setBody(words(NO_ENDPOINT)).build()))
        .addAllMappers(wrapped(mapper(errors()).build()))
        .build();
  }

  /**
   * The same as nginx has it: HTML whatever the client accepts, 504 where an endpoint does not take the
   * connection in time, and 502 where it refuses or resets it.
   */
  static LocalReplyConfig ofNginx() {
    AccessLogFilter noConnection =
        AccessLogFilter.newBuilder()
            .setResponseFlagFilter(
                ResponseFlagFilter.newBuilder().addFlags("UF").addFlags("UC").addFlags("UPE"))
            .build();
    return LocalReplyConfig.newBuilder()
        .addMappers(GRPC)
        .addMappers(
            mapper(and(noConnection, timedOut()))
                .setStatusCode(UInt32Value.of(504))
                .setBodyFormatOverride(AS_HTML))
        .addMappers(
            mapper(noConnection)
                .setStatusCode(UInt32Value.of(502))
                .setBodyFormatOverride(AS_HTML))
        .addMappers(
            mapper(noEndpoint()).setBody(words(NO_ENDPOINT)).setBodyFormatOverride(AS_HTML))
        .addMappers(mapper(errors()).setBodyFormatOverride(AS_HTML))
        .build();
  }

  private static AccessLogFilter noEndpoint() {
    return AccessLogFilter.newBuilder()
        .setResponseFlagFilter(ResponseFlagFilter.newBuilder().addFlags("UH"))
        .build();
  }

  /** No flag tells a connection that was refused from one that was not made in time. */
  private static AccessLogFilter timedOut() {
    return AccessLogFilter.newBuilder()
        .setExtensionFilter(
            ExtensionFilter.newBuilder()
                .setName("envoy.access_loggers.extension_filters.cel")
                .setTypedConfig(
                    Packing.any(
                        ExpressionFilter.newBuilder()
                            .setExpression("response.code_details.contains('timeout')")
                            .build())))
        .build();
  }

  /**
   * The answer of a route.
   *
   * @param route its name
   */
  static DirectResponseAction direct(String route, RouteAction.Respond respond) {
    int status = respond.status();
    if (!respond.why().isEmpty()) {
      return answer(status, respond.why());
    }
    String reason =
        switch (status) {
          case 404 ->
              route.equals("no-host")
                  ? "no Ingress has a rule for this host"
                  : "no Ingress has a rule for this path of the host";
          case 503 ->
              "the backend that the Ingress names for this path is missing or unusable, or what"
                  + " protects the path cannot be put in force";
          default -> "";
        };
    return reason.isEmpty()
        ? DirectResponseAction.newBuilder().setStatus(status).build()
        : answer(status, reason);
  }

  /** The answer of a route, in these words. */
  static DirectResponseAction answer(int status, String words) {
    return DirectResponseAction.newBuilder().setStatus(status).setBody(words(words)).build();
  }

  /** The same in JSON, HTML and text. */
  private static List<ResponseMapper> wrapped(ResponseMapper mapper) {
    ResponseMapper.Builder wrapped =
        mapper.toBuilder()
            // A 404 may be kept by caches otherwise, and the rule may come at any time.
            .addHeadersToAdd(
                RouteWriter.header(
                    "cache-control",
                    "no-store",
                    HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
    AccessLogFilter filter = mapper.getFilter();
    return List.of(
        wrapped
            .setFilter(and(filter, accepting("application/json")))
            .setBodyFormatOverride(AS_JSON)
            .build(),
        wrapped
            .setFilter(and(filter, accepting("text/html")))
            .setBodyFormatOverride(AS_HTML)
            .build(),
        wrapped.setFilter(filter).setBodyFormatOverride(AS_TEXT).build());
  }

  private static ResponseMapper.Builder mapper(AccessLogFilter filter) {
    return ResponseMapper.newBuilder().setFilter(filter);
  }

  private static DataSource words(String words) {
    return DataSource.newBuilder().setInlineString(words).build();
  }

  private static AccessLogFilter errors() {
    return AccessLogFilter.newBuilder()
        .setStatusCodeFilter(
            StatusCodeFilter.newBuilder()
                .setComparison(
                    ComparisonFilter.newBuilder()
                        .setOp(ComparisonFilter.Op.GE)
                        .setValue(
                            RuntimeUInt32.newBuilder()
                                .setDefaultValue(400)
                                .setRuntimeKey("isoline.explained"))))
        .build();
  }

  private static AccessLogFilter and(AccessLogFilter one, AccessLogFilter other) {
    return AccessLogFilter.newBuilder()
        .setAndFilter(AndFilter.newBuilder().addFilters(one).addFilters(other))
        .build();
  }

  private static AccessLogFilter accepting(String type) {
    return header("accept", StringMatcher.newBuilder().setContains(type).setIgnoreCase(true));
  }

  private static AccessLogFilter header(String name, StringMatcher.Builder value) {
    return AccessLogFilter.newBuilder()
        .setHeaderFilter(
            HeaderFilter.newBuilder()
                .setHeader(HeaderMatcher.newBuilder().setName(name).setStringMatch(value)))
        .build();
  }

  private static SubstitutionFormatString format(String text, String type) {
    return SubstitutionFormatString.newBuilder()
        .setTextFormatSource(DataSource.newBuilder().setInlineString(text))
        .setContentType(type)
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
