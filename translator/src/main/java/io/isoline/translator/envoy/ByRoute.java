package io.isoline.translator.envoy;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.Composite;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;

/**
 * Has a filter act by what the route says at the moment of its turn: Envoy's composite filter, which
 * executes another one, and nothing where a route says nothing.
 */
final class ByRoute {

  /** Has the filter not act. */
  static final Matcher.OnMatch SKIP =
      action(Packing.extension("skip", SkipFilter.getDefaultInstance()));

  /** Of a route that asks for nothing. */
  static final Any NOTHING = perRoute(Matcher.newBuilder().setOnNoMatch(SKIP));

  private ByRoute() {}

  /** The filter as it is in the connection manager. */
  static HttpFilter filter(String name) {
    return HttpFilters.filter(
        name,
        ExtensionWithMatcher.newBuilder()
            .setExtensionConfig(
                io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig.newBuilder()
                    .setName("composite")
                    .setTypedConfig(Packing.any(Composite.getDefaultInstance())))
            .build());
  }

  /** What a route says. */
  static Any perRoute(Matcher.Builder matcher) {
    return Packing.any(ExtensionWithMatcherPerRoute.newBuilder().setXdsMatcher(matcher).build());
  }

  /** Has requests with this value of a header skipped. */
  static Matcher.Builder skipping(String header, String value) {
    Message input =
        HttpRequestHeaderMatchInput.newBuilder().setHeaderName(header).build();
    return Matcher.newBuilder()
        .setMatcherTree(
            Matcher.MatcherTree.newBuilder()
                .setInput(Packing.extension(header.replace(":", ""), input))
                .setExactMatchMap(Matcher.MatcherTree.MatchMap.newBuilder().putMap(value, SKIP)));
  }

  static Matcher.OnMatch action(TypedExtensionConfig action) {
    return Matcher.OnMatch.newBuilder().setAction(action).build();
  }
}
