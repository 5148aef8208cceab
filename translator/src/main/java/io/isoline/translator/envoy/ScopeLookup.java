package io.isoline.translator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder.FragmentBuilder;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder.FragmentBuilder.HeaderValueExtractor;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.RouteSpace;
import java.util.List;
import java.util.Map;

/**
 * How a request finds the scope of its host: under its name as it is written, without the port; else
 * under its name in small letters; else under the wildcard one label above; else that of {@link
 * Names#ANY_SCOPE}.
 *
 * <p>Envoy does the first itself, by a header, and a request that finds a scope so pays for nothing
 * else. It compares letter by letter and knows no wildcards among scopes, so the others are tried by
 * scripts, the same for all configurations. The scripts are in the RouteConfiguration of {@code *}
 * and nowhere else: a filter with a script of its own would have an interpreter in each filter chain.
 *
 * <p>A script can ask Envoy once whether there is a scope of a name, so there is a filter for each
 * question. When a filter's turn comes, Envoy looks its script up in the route of that moment: a
 * request that the first one found a scope for has no second.
 */
final class ScopeLookup implements FilterWriter {

  /**
   * The scope is the host without its port. Envoy follows them once for all connection managers that
   * say the same here.
   */
  static ScopedRoutes scopes(RouteSpace space) {
    return ScopedRoutes.newBuilder()
        .setName(space.name())
        .setScopeKeyBuilder(
            ScopeKeyBuilder.newBuilder()
                .addFragments(
                    FragmentBuilder.newBuilder()
                        .setHeaderValueExtractor(
                            HeaderValueExtractor.newBuilder()
                                .setName(Names.SCOPE_HEADER)
                                .setElementSeparator(":")
                                .setIndex(0))))
        .setRdsConfigSource(Names.FROM_ADS)
        .setScopedRds(ScopedRds.newBuilder().setScopedRdsConfigSource(Names.FROM_ADS))
        .build();
  }

  /** Has every request begin at the {@link Gate}, whatever a client sent in the header. */
  static final HeaderMutation TO_THE_GATE =
      RouteWriter.set(Names.SCOPE_HEADER, Names.GATE_SCOPE).build();

  /** For the RouteConfiguration of a host, or of the gate: its requests need no other scope. */
  static final Map<String, Any> OF_A_SCOPE =
      Map.of(
          Names.FOUND_FILTER,
          Packing.any(
              HeaderMutationPerRoute.newBuilder()
                  .setMutations(
                      Mutations.newBuilder()
                          .addRequestMutations(
                              RouteWriter.set(Names.SCOPE_HEADER, Names.FOUND)))
                  .build()));

  /** For the RouteConfiguration of {@link Names#ANY_SCOPE}: what else a scope may be found under. */
  static final Map<String, Any> OF_ANY =
      Map.of(
          Names.NAME_FILTER,
          script("name ~= written and name"),
          // The label that a wildcard stands for is not empty.
          Names.WILDCARD_FILTER,
          script("name:find(\"^[^.]+%.\") and name:gsub(\"^[^.]+\", \"*\")"));

  /**
   * Tries one more scope. A route that is found has a name, as all of ours have; to ask for the
   * metadata has it looked for, but only the first time.
   *
   * @param scope an expression for it, {@code false} or {@code nil} where there is none to try
   */
  private static Any script(String scope) {
    String source =
        """
        function envoy_on_request(request)
          local headers = request:headers()
          local written = headers:get(":authority"):match("^[^:]*")
          local name = written:lower()
          if #name > 253 then
            request:respond({[":status"] = "400"}, "no name is as long as the host of the request")
          end
          local scope = %s
          if scope then
            headers:replace("%s", scope)
            request:clearRouteCache()
            request:metadata()
            if request:streamInfo():routeName() == "" then
              headers:replace("%s", "%s")
              request:clearRouteCache()
            end
          end
        end
        """
            .formatted(scope, Names.SCOPE_HEADER, Names.SCOPE_HEADER, Names.ANY_SCOPE);
    return Packing.any(
        LuaPerRoute.newBuilder()
            .setSourceCode(DataSource.newBuilder().setInlineString(source))
            .build());
  }

  /**
   * The filters for a request that Envoy found no scope for. The first has Envoy look for that of its
   * host. Where there is none, the header still names it, and the second has the route looked for
   * again, which is done when it is asked for next: after the third. What names the gate was not
   * admitted there, and has no other scope to go to.
   */
  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        filter(
            Names.FOUND_FILTER,
            Packing.any(
                io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                    .getDefaultInstance())),
        filter(Names.UNSCOPED_FILTER, Packing.any(unlessFound())),
        filter(
            Names.FALLBACK_FILTER,
            Packing.any(
                io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                    .newBuilder()
                    .setMutations(
                        Mutations.newBuilder()
                            .addRequestMutations(
                                RouteWriter.set(Names.SCOPE_HEADER, Names.ANY_SCOPE)))
                    .build())),
        filter(Names.NAME_FILTER, Packing.any(Lua.getDefaultInstance())),
        filter(Names.WILDCARD_FILTER, Packing.any(Lua.getDefaultInstance())));
  }

  private static ExtensionWithMatcher unlessFound() {
    Matcher.OnMatch skip =
        Matcher.OnMatch.newBuilder()
            .setAction(Packing.extension("skip", SkipFilter.getDefaultInstance()))
            .build();
    return ExtensionWithMatcher.newBuilder()
        .setXdsMatcher(
            Matcher.newBuilder()
                .setMatcherTree(
                    Matcher.MatcherTree.newBuilder()
                        .setInput(
                            Packing.extension(
                                "scope",
                                HttpRequestHeaderMatchInput.newBuilder()
                                    .setHeaderName(Names.SCOPE_HEADER)
                                    .build()))
                        .setExactMatchMap(
                            Matcher.MatcherTree.MatchMap.newBuilder()
                                .putMap(Names.FOUND, skip)
                                .putMap(Names.GATE_SCOPE, skip))))
        .setExtensionConfig(
            TypedExtensionConfig.newBuilder()
                .setName("route")
                .setTypedConfig(Packing.any(NewFields.clearingRouteCache())))
        .build();
  }

  private static HttpFilter filter(String name, Any config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
  }
}
