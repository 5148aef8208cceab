package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.MetadataFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config.KeyValuePair;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config.Rule;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;

/**
 * Writes the access log: a line for each request, in which a client cannot forge a field.
 *
 * <p>In text, Envoy writes what a client sent as it is, quotes too. Only what is a message of its
 * own, as a string in the filter state is, gets written as JSON: in quotes, with the quotes inside
 * escaped. So a filter notes there what may hold any character.
 */
final class AccessLogWriter implements FilterWriter {

  private static final String FILTER = "isoline.access-log";

  private static final String REQUEST = "isoline.log.request";
  private static final String USER_AGENT = "isoline.log.user-agent";
  private static final String REQUEST_ID = "isoline.log.request-id";

  private static final String TEXT =
      "%START_TIME% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% "
          + quoted(REQUEST)
          + " %RESPONSE_CODE% %RESPONSE_FLAGS%"
          + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% route=%ROUTE_NAME%"
          + " upstream=%UPSTREAM_CLUSTER% %UPSTREAM_HOST% "
          + quoted(USER_AGENT)
          + " "
          + quoted(REQUEST_ID)
          + " details=%RESPONSE_CODE_DETAILS%\n";

  private static final List<List<String>> JSON =
      List.of(
          List.of("time", "%START_TIME%"),
          List.of("client", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
          List.of("method", "%REQ(:METHOD)%"),
          List.of("host", "%REQ(:AUTHORITY)%"),
          List.of("path", "%REQ(:PATH)%"),
          List.of("protocol", "%PROTOCOL%"),
          List.of("status", "%RESPONSE_CODE%"),
          List.of("flags", "%RESPONSE_FLAGS%"),
          List.of("details", "%RESPONSE_CODE_DETAILS%"),
          List.of("bytes_received", "%BYTES_RECEIVED%"),
          List.of("bytes_sent", "%BYTES_SENT%"),
          List.of("duration_ms", "%DURATION%"),
          List.of("route", "%ROUTE_NAME%"),
          List.of("upstream", "%UPSTREAM_CLUSTER%"),
          List.of("endpoint", "%UPSTREAM_HOST%"),
          List.of("user_agent", "%REQ(USER-AGENT)%"),
          List.of("request_id", "%REQ(X-REQUEST-ID)%"));

  private static final Config NOTES =
      Config.newBuilder()
          .addOnRequestHeaders(
              note(REQUEST, "%REQ(:METHOD)% %REQ(:AUTHORITY)% %REQ(:PATH)% %PROTOCOL%"))
          .addOnRequestHeaders(note(USER_AGENT, "%REQ(USER-AGENT)%"))
          .addOnRequestHeaders(note(REQUEST_ID, "%REQ(X-REQUEST-ID)%"))
          .build();

  /** Has requests left out of the log that find a route which says so. */
  private static final String LEFT_OUT = "isoline.logged";

  private static final String LOGGED = "logged";

  private static final Any NOT_LOGGED =
      Packing.any(
          io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config.newBuilder()
              .addRequestRules(
                  Rule.newBuilder()
                      // Every request has one.
                      .setHeader(":path")
                      .setOnHeaderPresent(
                          KeyValuePair.newBuilder()
                              .setMetadataNamespace(LEFT_OUT)
                              .setKey(LOGGED)
                              .setValue("false")))
              .build());

  private static final AccessLogFilter UNLESS_LEFT_OUT =
      AccessLogFilter.newBuilder()
          .setMetadataFilter(
              MetadataFilter.newBuilder()
                  .setMatcher(
                      MetadataMatcher.newBuilder()
                          .setFilter(LEFT_OUT)
                          .addPath(MetadataMatcher.PathSegment.newBuilder().setKey(LOGGED))
                          .setValue(
                              ValueMatcher.newBuilder()
                                  .setStringMatch(RouteWriter.exact("true")))))
          .build();

  /** Leaves the requests of a route out. */
  static void leaveOut(Route.Builder route) {
    route.putTypedPerFilterConfig(LEFT_OUT, NOT_LOGGED);
  }

  /** The filter that finds those that are left out. It comes when the route is known. */
  static final FilterWriter BY_ROUTE =
      target ->
          target.options().accessLog() == null
              ? List.of()
              : List.of(
                  HttpFilters.filter(
                      LEFT_OUT,
                      io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config
                          .getDefaultInstance()));

  /** Notes what text lines quote, before all other filters; none where the log needs none. */
  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    HttpOptions.AccessLog log = target.options().accessLog();
    return log != null && log.format() == HttpOptions.AccessLog.Format.TEXT
        ? List.of(HttpFilters.filter(FILTER, NOTES))
        : List.of();
  }

  private static FilterStateValue note(String key, String format) {
    return FilterStateValue.newBuilder()
        .setObjectKey(key)
        .setFactoryKey("envoy.string")
        .setFormatString(text(format))
        .build();
  }

  private static String quoted(String key) {
    return "%FILTER_STATE(" + key + ":TYPED)%";
  }

  private static SubstitutionFormatString.Builder text(String format) {
    return SubstitutionFormatString.newBuilder()
        .setTextFormatSource(DataSource.newBuilder().setInlineString(format));
  }

  static AccessLog write(HttpOptions.AccessLog log) {
    SubstitutionFormatString.Builder format =
        switch (log.format()) {
          case TEXT -> text(TEXT);
          case JSON -> {
            Struct.Builder fields = Struct.newBuilder();
            JSON.forEach(
                field ->
                    fields.putFields(
                        field.getFirst(),
                        Value.newBuilder().setStringValue(field.getLast()).build()));
            yield SubstitutionFormatString.newBuilder().setJsonFormat(fields);
          }
        };
    // To open its own output by name, Envoy would need to own it; who is not root often does not.
    return switch (log.path()) {
      case "/dev/stdout" ->
          logger("stdout", StdoutAccessLog.newBuilder().setLogFormat(format).build());
      case "/dev/stderr" ->
          logger("stderr", StderrAccessLog.newBuilder().setLogFormat(format).build());
      case String file ->
          logger("file", FileAccessLog.newBuilder().setPath(file).setLogFormat(format).build());
    };
  }

  private static AccessLog logger(String name, Message config) {
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers." + name)
        .setFilter(UNLESS_LEFT_OUT)
        .setTypedConfig(Packing.any(config))
        .build();
  }
}
