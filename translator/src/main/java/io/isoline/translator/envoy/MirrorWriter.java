package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.Mirror;
import java.util.ArrayList;
import java.util.List;

/**
 * Has requests copied. What Envoy changes in a copy by the route are headers, and its path is none of
 * them: so the path is a header until it comes to the cluster of the copies, where a script, always the
 * same, takes it from there. By that the script takes away what was added on the way, as well as what
 * Envoy adds to copies after all else.
 */
final class MirrorWriter implements OptionWriter<Mirror> {

  private static final String FILTER = "isoline.copied";

  /** Says what path a copy is to have. */
  private static final String PATH_HEADER = "x-isoline-copy";

  /** Envoy's header for how long it waits for an answer, in milliseconds. */
  private static final String TIMEOUT_HEADER = "x-envoy-upstream-rq-timeout-ms";

  /** Else a server that never answers would have copies of all requests wait. */
  private static final String TIMEOUT = "60000";

  private static final List<String> CREDENTIALS =
      List.of("authorization", "proxy-authorization", "cookie");

  /** Stands in each cluster of copies. */
  static final HttpFilter COPIED =
      HttpFilters.filter(
          FILTER,
          Lua.newBuilder()
              .setDefaultSourceCode(
                  DataSource.newBuilder()
                      .setInlineString(
                          """
                          local added = {"x-envoy-internal", "x-envoy-external-address",
                            "x-forwarded-for", "x-forwarded-host", "x-forwarded-port",
                            "x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-prefix",
                            "x-real-ip", "x-request-id", "x-scheme"}
                          function envoy_on_request(handle)
                            local headers = handle:headers()
                            for _, name in ipairs(added) do
                              headers:remove(name)
                            end
                            local target = headers:get("%s")
                            headers:remove("%s")
                            local path = headers:get(":path")
                            local query = string.match(path, "%%?(.*)$") or ""
                            local values = {request_uri = path, args = query,
                              query_string = query, is_args = query ~= "" and "?" or ""}
                            local copied, variables =
                              string.gsub(target, "%%$([%%w_]+)", values)
                            if variables == 0 and query ~= "" then
                              local joint = string.find(copied, "?", 1, true) and "&" or "?"
                              copied = copied .. joint .. query
                            end
                            headers:replace(":path", copied)
                          end
                          """
                              .formatted(PATH_HEADER, PATH_HEADER)))
              .build());

  @Override
  public Class<Mirror> option() {
    return Mirror.class;
  }

  @Override
  public void write(Mirror mirror, ServedRoute route) {
    List<HeaderMutation> mutations = new ArrayList<>();
    mutations.add(set(PATH_HEADER, mirror.path()));
    mutations.add(set(TIMEOUT_HEADER, TIMEOUT));
    if (!mirror.withCredentials()) {
      CREDENTIALS.forEach(
          name -> mutations.add(HeaderMutation.newBuilder().setRemove(name).build()));
    }
    route
        .action()
        .addRequestMirrorPolicies(
            NewFields.mirror(mirror.to().name(), mutations, mirror.host()));
  }

  /** A header with a text of somebody else: nothing in it is a command of Envoy. */
  private static HeaderMutation set(String name, String value) {
    return HeaderMutation.newBuilder().setAppend(RouteWriter.literal(name, value)).build();
  }
}
