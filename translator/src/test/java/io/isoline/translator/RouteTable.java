package io.isoline.translator;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.envoy.WholeRoute;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy makes of scopes and RouteConfigurations: first the scope of the host, else that of the
 * wildcard one label above, else that of {@code *}; in it the one virtual host, then the first route
 * that matches. What it doesn't know of is an error, so that no test passes by a matcher that is not
 * modelled.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto">Envoy's
 *     route components</a>
 */
public final class RouteTable {

  private final SortedMap<String, VirtualHost> scopes = new TreeMap<>();

  /** Of the names that have no scope, by domain. */
  private final Map<String, VirtualHost> others = new HashMap<>();

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
      if (key.equals("*")) {
        for (VirtualHost virtualHost : configuration.getVirtualHostsList()) {
          others.put(virtualHost.getDomains(0), virtualHost);
        }
      } else if (configuration.getVirtualHostsCount() != 1
          || !configuration.getVirtualHosts(0).getDomainsList().equals(List.of("*"))) {
        throw new AssertionError("not the virtual host of one scope: " + configuration);
      } else if (this.scopes.put(key, configuration.getVirtualHosts(0)) != null) {
        throw new AssertionError("Envoy takes a key once: " + key);
      }
    }
    if (!byName.isEmpty()) {
      throw new AssertionError("routes without a scope: " + byName.keySet());
    }
  }

  /** Of all scopes. */
  public List<VirtualHost> virtualHosts() {
    return Stream.of(scopes, others).flatMap(map -> map.values().stream()).toList();
  }

  /** The cluster, {@code "503"} for example for a direct response, {@code "308 https…"}, or 404. */
  public String request(String scheme, String authority, String path) {
    return request(scheme, authority, path, Map.of());
  }

  /** The same of a request with more headers. */
  public String request(
      String scheme, String authority, String path, Map<String, String> headers) {
    Route route = route(scheme, authority, path, headers);
    if (route == null) {
      return "404";
    }
    return switch (route.getActionCase()) {
      case ROUTE ->
          route.getRoute().hasWeightedClusters()
              ? weighted(route.getRoute().getWeightedClusters())
              : route.getRoute().getCluster();
      case DIRECT_RESPONSE -> Integer.toString(route.getDirectResponse().getStatus());
      case REDIRECT ->
          "308 https port "
              + (route.getRedirect().getPortRedirect() == 0
                  ? 443
                  : route.getRedirect().getPortRedirect());
      default -> throw new AssertionError("not modelled: " + route);
    };
  }

  private static String weighted(WeightedCluster clusters) {
    return clusters.getClustersList().stream()
        .map(cluster -> cluster.getWeight().getValue() + " " + cluster.getName())
        .collect(Collectors.joining(", "));
  }

  /** The route that is taken; null for none. */
  public @Nullable Route route(String scheme, String authority, String path) {
    return route(scheme, authority, path, Map.of());
  }

  /**
   * The same of a request with more headers.
   *
   * @param headers by name in lower case
   */
  public @Nullable Route route(
      String scheme, String authority, String path, Map<String, String> headers) {
    VirtualHost host = virtualHost(authority);
    return host.getRoutesList().stream()
        .filter(route -> matches(route.getMatch(), scheme, authority, path, headers))
        .findFirst()
        .map(route -> WholeRoute.of(host, route))
        .orElse(null);
  }

  /** The virtual host that is taken. */
  public VirtualHost virtualHost(String authority) {
    String host = authority.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
    for (String scope : List.of(host, host.replaceFirst("^[^.]+\\.", "*."))) {
      VirtualHost found = scopes.get(scope);
      if (found != null) {
        return found;
      }
    }
    return others.keySet().stream()
        .filter(domain -> domain.startsWith("*."))
        .filter(domain -> host.endsWith(domain.substring(1)) && host.length() >= domain.length())
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .map(others::get)
        .orElseGet(() -> Objects.requireNonNull(others.get("*")));
  }

  private static boolean matches(
      RouteMatch match,
      String scheme,
      String authority,
      String path,
      Map<String, String> headers) {
    boolean byPath =
        switch (match.getPathSpecifierCase()) {
          case PATH -> path.equals(match.getPath());
          case PREFIX -> path.startsWith(match.getPrefix());
          case PATH_SEPARATED_PREFIX ->
              path.equals(match.getPathSeparatedPrefix())
                  || path.startsWith(match.getPathSeparatedPrefix() + "/");
          case SAFE_REGEX -> Pattern.matches(match.getSafeRegex().getRegex(), path);
          default -> throw new AssertionError("not modelled: " + match);
        };
    return byPath
        && match.getHeadersList().stream()
            .allMatch(header -> matches(header, scheme, authority, path, headers));
  }

  private static boolean matches(
      HeaderMatcher matcher,
      String scheme,
      String authority,
      String path,
      Map<String, String> headers) {
    String value =
        switch (matcher.getName()) {
          case ":authority" -> authority;
          case ":path" -> path;
          case "x-forwarded-proto" -> scheme;
          case ":method" -> "GET";
          default -> headers.get(matcher.getName());
        };
    // What a request lacks matches nothing, not even the opposite of it.
    return value != null && matches(matcher.getStringMatch(), value) != matcher.getInvertMatch();
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
