package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder.FragmentBuilder;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes.ScopeKeyBuilder.FragmentBuilder.HeaderValueExtractor;
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
final class ScopeLookup {

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

  /**
   * Copies the host to the header of the scope. An empty value would not replace one, so what a
   * client sent there goes first.
   */
  static final List<HeaderMutation> HOST_TO_HEADER =
      List.of(
          HeaderMutation.newBuilder().setRemove(Names.SCOPE_HEADER).build(),
          RouteWriter.set(Names.SCOPE_HEADER, "%REQ(:AUTHORITY)%").build());

  /** For the RouteConfiguration of a host: its requests need no other scope. */
  static final Map<String, Any> OF_A_SCOPE =
      Map.of(
          Names.UNSCOPED_FILTER,
          Packing.any(FilterConfig.newBuilder().setDisabled(true).build()));

  /** For the RouteConfiguration of {@link Names#ANY_SCOPE}: what else a scope may be found under. */
  static final Map<String, Any> OF_ANY =
      Map.of(
          Names.NAME_FILTER,
          script("name ~= written and name"),
          // The label that a wildcard stands for is not empty.
          Names.WILDCARD_FILTER,
          script("name:find(\"^[^.]+%.\") and name:gsub(\"^[^.]+\", \"*\")"));

  private ScopeLookup() {}

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
   * The filters for a request that Envoy found no scope for. Which of the filters a request gets is
   * decided before the first of them, by the scope that it has then.
   */
  static List<HttpFilter> filters() {
    return List.of(
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
        filter(Names.UNSCOPED_FILTER, Packing.any(NewFields.clearingRouteCache())),
        filter(Names.NAME_FILTER, Packing.any(Lua.getDefaultInstance())),
        filter(Names.WILDCARD_FILTER, Packing.any(Lua.getDefaultInstance())));
  }

  private static HttpFilter filter(String name, Any config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
  }
}
