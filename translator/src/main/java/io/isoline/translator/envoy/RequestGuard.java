package io.isoline.translator.envoy;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.HeaderFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.model.HttpOptions;

/**
 * Denies what no honest client sends, before anything else looks at a request.
 *
 * <p>Envoy's filter for that has one status, 403. So the connection manager makes 400 of it where it
 * is the host that is none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, the Host field</a>
 */
final class RequestGuard {

  private static final int FORBIDDEN = 403;
  private static final int BAD_REQUEST = 400;

  private static final String PORT =
      ":([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

  /**
   * A name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port. Names may have
   * underscores, which DNS allows. Two lines of Host come joined by a comma, which is none of these.
   */
  private static final String AUTHORITY =
      "([-._0-9A-Za-z]+|\\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*\\])(" + PORT + ")?";

  /**
   * An element of dots and parameters, in the spellings that Envoy does not resolve. Some backends
   * do, and would leave the path that was matched.
   */
  private static final String DOTS_WITH_PARAMETERS = ".*/\\.\\.?(;|%3[bB]).*";

  /** The same, and dots beside an escaped slash, where that is kept. */
  private static final String DOTS_WITH_ESCAPES =
      ".*(/|%2[fF]|%5[cC])\\.\\.?((/|;|%3[bB]|%2[fF]|%5[cC]).*)?";

  private RequestGuard() {}

  /** The filter. */
  static HttpFilter filter(HttpOptions.Paths paths) {
    return HttpFilter.newBuilder()
        .setName("isoline.guard")
        .setTypedConfig(
            Packing.any(
                io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder()
                    .setRules(
                        RBAC.newBuilder()
                            .setAction(RBAC.Action.DENY)
                            .putPolicies(
                                "authority",
                                policy(Permission.newBuilder().setHeader(authority())))
                            .putPolicies(
                                "dots-with-parameters",
                                policy(
                                    Permission.newBuilder()
                                        .setUrlPath(
                                            PathMatcher.newBuilder()
                                                .setPath(
                                                    regex(
                                                        paths.keepsEscapes()
                                                            ? DOTS_WITH_ESCAPES
                                                            : DOTS_WITH_PARAMETERS))))))
                    .build()))
        .build();
  }

  /** Makes 400 of the filter's answer to a host that is none. */
  static ResponseMapper badRequest() {
    return ResponseMapper.newBuilder()
        .setFilter(
            AccessLogFilter.newBuilder()
                .setAndFilter(
                    AndFilter.newBuilder()
                        .addFilters(
                            AccessLogFilter.newBuilder()
                                .setStatusCodeFilter(
                                    StatusCodeFilter.newBuilder()
                                        .setComparison(
                                            ComparisonFilter.newBuilder()
                                                .setOp(ComparisonFilter.Op.EQ)
                                                .setValue(
                                                    RuntimeUInt32.newBuilder()
                                                        .setDefaultValue(FORBIDDEN)
                                                        .setRuntimeKey("isoline.forbidden")))))
                        .addFilters(
                            AccessLogFilter.newBuilder()
                                .setHeaderFilter(
                                    HeaderFilter.newBuilder().setHeader(authority())))))
        .setStatusCode(UInt32Value.of(BAD_REQUEST))
        .setBody(
            DataSource.newBuilder()
                .setInlineString("the host of the request is not a name or an address"))
        .build();
  }

  /** Matches a host that is none. */
  private static HeaderMatcher authority() {
    return HeaderMatcher.newBuilder()
        .setName(":authority")
        .setStringMatch(regex(AUTHORITY))
        .setInvertMatch(true)
        .build();
  }

  private static Policy policy(Permission.Builder denied) {
    return Policy.newBuilder()
        .addPermissions(denied)
        .addPrincipals(Principal.newBuilder().setAny(true))
        .build();
  }

  private static StringMatcher regex(String regex) {
    return StringMatcher.newBuilder()
        .setSafeRegex(RegexMatcher.newBuilder().setRegex(regex))
        .build();
  }
}
