package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.CookieRewrite;
import io.isoline.translator.model.CookieRewrite.Replacement;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes attributes of cookies anew, of each line of Set-Cookie. What else Envoy has for that knows one
 * value of a header, or all of them joined by commas, which is no cookie.
 *
 * <p>So it is a script, the same wherever it is, and the texts of a route are in the metadata of that.
 * A script is an interpreter in each of Envoy's threads, some 100 kB: a host that has such a route has
 * one, and no other host.
 */
final class CookieFilter implements FilterWriter, OptionWriter<CookieRewrite> {

  private static final String NAME = "isoline.cookies";

  private static final HttpFilter FILTER = HttpFilters.filter(NAME, Lua.getDefaultInstance());

  /** Texts of a route are compared, and are no patterns. */
  private static final Any SCRIPT =
      Packing.any(
          LuaPerRoute.newBuilder()
              .setSourceCode(
                  DataSource.newBuilder()
                      .setInlineString(
                          """
                          local function attribute(text, wish)
                            local before, name, equals, value =
                              text:match("^(%s*)(%a+)(%s*=%s*)(.*)$")
                            if name == nil then
                              return text
                            end
                            local key = name:lower()
                            if key == "path" and wish["path"] ~= nil then
                              local from = wish["path"]
                              if value:sub(1, #from) == from then
                                value = wish["path-to"] .. value:sub(#from + 1)
                              end
                            elseif key == "domain" and wish["domain"] ~= nil then
                              local dot, host, after = value:match("^(%.?)(%S*)(.*)$")
                              if host:lower() == wish["domain"] then
                                value = dot .. wish["domain-to"] .. after
                              end
                            end
                            return before .. name .. equals .. value
                          end
                          local function cookie(line, wish)
                            local first, rest = line:match("^([^;]*)(.*)$")
                            return first .. rest:gsub(";([^;]*)", function(text)
                              return ";" .. attribute(text, wish)
                            end)
                          end
                          function envoy_on_response(response)
                            local wish = response:metadata()
                            if wish:get("path") == nil and wish:get("domain") == nil then
                              return
                            end
                            local texts = {}
                            for _, key in ipairs({"path", "path-to", "domain", "domain-to"}) do
                              texts[key] = wish:get(key)
                            end
                            local headers = response:headers()
                            local lines = {}
                            for i = 0, headers:getNumValues("set-cookie") - 1 do
                              lines[i + 1] = cookie(headers:getAtIndex("set-cookie", i), texts)
                            end
                            headers:remove("set-cookie")
                            for _, line in ipairs(lines) do
                              headers:add("set-cookie", line)
                            end
                          end
                          """))
              .build());

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(FILTER);
  }

  @Override
  public Class<CookieRewrite> option() {
    return CookieRewrite.class;
  }

  @Override
  public void write(CookieRewrite option, ServedRoute route) {
    Struct.Builder texts = Struct.newBuilder();
    put(texts, "path", option.path());
    put(texts, "domain", option.domain());
    route.route().getMetadataBuilder().putFilterMetadata(NAME, texts.build());
  }

  private static void put(
      Struct.Builder texts, String key, @Nullable Replacement words) {
    if (words != null) {
      texts
          .putFields(key, Value.newBuilder().setStringValue(words.from()).build())
          .putFields(key + "-to", Value.newBuilder().setStringValue(words.to()).build());
    }
  }

  /** Adds the script to a host where one of its routes needs it. */
  static void add(VirtualHost.Builder host, List<Route> routes) {
    if (routes.stream().anyMatch(route -> route.options().has(CookieRewrite.class))) {
      host.putTypedPerFilterConfig(NAME, SCRIPT);
    }
  }
}
