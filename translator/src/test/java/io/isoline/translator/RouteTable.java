package io.isoline.translator;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy makes of scopes and RouteConfigurations: first the scope of the host, else that of
 * {@code *}; in it the virtual host (the exact domain, else the longest {@code *.} suffix, else
 * {@code *}), then the first route that matches. What it doesn't
 * know of is an error, so that no test passes by a matcher that is not modelled.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto">Envoy's
 *     route components</a>
 */
public final class RouteTable {

  /** By scope and domain. */
  private final SortedMap<String, Map<String, VirtualHost>> scopes = new TreeMap<>();

  public RouteTable(
      Collection<ScopedRouteConfiguration> scopes, Collection<RouteConfiguration> configurations) {
    Map<String, RouteConfiguration> byName = new HashMap<>();
    configurations.forEach(configuration -> byName.put(configuration.getName(), configuration));
    for (ScopedRouteConfiguration scope : scopes) {
      RouteConfiguration configuration = byName.remove(scope.getRouteConfigurationName());
      if (configuration == null) {
        throw new AssertionError("a scope without routes: " + scope);
      }
      String key = scope.getKey().getFragments(0).getStringKey();
      if (this.scopes.put(key, byDomain(configuration)) != null) {
        throw new AssertionError("Envoy takes a key once: " + key);
      }
      if (key.equals("*") && !configuration.getIgnorePortInHostMatching()) {
        throw new AssertionError("the port would count");
      }
    }
    if (!byName.isEmpty()) {
      throw new AssertionError("routes without a scope: " + byName.keySet());
    }
  }

  private static Map<String, VirtualHost> byDomain(RouteConfiguration configuration) {
    Map<String, VirtualHost> byDomain = new HashMap<>();
    for (VirtualHost virtualHost : configuration.getVirtualHostsList()) {
      for (String domain : virtualHost.getDomainsList()) {
        if (byDomain.put(domain, virtualHost) != null) {
          throw new AssertionError("Envoy takes a domain once: " + domain);
        }
      }
    }
    return byDomain;
  }

  /** Of all scopes. */
  public List<VirtualHost> virtualHosts() {
    return scopes.values().stream().flatMap(byDomain -> byDomain.values().stream()).toList();
  }

  /** The cluster, {@code "503"} for example for a direct response, {@code "308 https…"}, or 404. */
  public String request(String scheme, String authority, String path) {
    Route route = route(scheme, authority, path);
    if (route == null) {
      return "404";
    }
    return switch (route.getActionCase()) {
      case ROUTE -> route.getRoute().getCluster();
      case DIRECT_RESPONSE -> Integer.toString(route.getDirectResponse().getStatus());
      case REDIRECT ->
          "308 https port "
              + (route.getRedirect().getPortRedirect() == 0
                  ? 443
                  : route.getRedirect().getPortRedirect());
      default -> throw new AssertionError("not modelled: " + route);
    };
  }

  /** The route that is taken; null for none. */
  public @Nullable Route route(String scheme, String authority, String path) {
    VirtualHost virtualHost = virtualHost(authority);
    if (virtualHost == null) {
      return null;
    }
    return virtualHost.getRoutesList().stream()
        .filter(route -> matches(route.getMatch(), scheme, authority, path))
        .findFirst()
        .orElse(null);
  }

  /** The virtual host that is taken; null for none. */
  public @Nullable VirtualHost virtualHost(String authority) {
    String host = authority.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
    Map<String, VirtualHost> byDomain =
        Objects.requireNonNull(scopes.getOrDefault(host, scopes.get("*")));
    VirtualHost exact = byDomain.get(host);
    if (exact != null) {
      return exact;
    }
    return byDomain.keySet().stream()
        .filter(domain -> domain.startsWith("*."))
        .filter(domain -> host.endsWith(domain.substring(1)) && host.length() >= domain.length())
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .map(domain -> Objects.requireNonNull(byDomain.get(domain)))
        .orElse(byDomain.get("*"));
  }

  private static boolean matches(RouteMatch match, String scheme, String authority, String path) {
    boolean byPath =
        switch (match.getPathSpecifierCase()) {
          case PATH -> path.equals(match.getPath());
          case PREFIX -> path.startsWith(match.getPrefix());
          case PATH_SEPARATED_PREFIX ->
              path.equals(match.getPathSeparatedPrefix())
                  || path.startsWith(match.getPathSeparatedPrefix() + "/");
          default -> throw new AssertionError("not modelled: " + match);
        };
    return byPath
        && match.getHeadersList().stream()
            .allMatch(header -> matches(header, scheme, authority, path));
  }

  private static boolean matches(
      HeaderMatcher matcher, String scheme, String authority, String path) {
    String value =
        switch (matcher.getName()) {
          case ":authority" -> authority;
          case ":path" -> path;
          case "x-forwarded-proto" -> scheme;
          default -> throw new AssertionError("not modelled: " + matcher);
        };
    return matches(matcher.getStringMatch(), value) != matcher.getInvertMatch();
  }

  private static boolean matches(StringMatcher matcher, String value) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> value.equals(matcher.getExact());
      case PREFIX -> value.startsWith(matcher.getPrefix());
      case SAFE_REGEX -> Pattern.matches(matcher.getSafeRegex().getRegex(), value);
      default -> throw new AssertionError("not modelled: " + matcher);
    };
  }
}
