package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.isoline.translator.Resource;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.VirtualHost;
import org.jspecify.annotations.Nullable;

/** What the resources call each other. */
final class Names {

  /** Between a space and a host, none of which can have it. */
  private static final char SEPARATOR = '/';

  /** The header that says which scope a request is for; nobody outside of Envoy sees it. */
  static final String SCOPE_HEADER = "x-isoline-scope";

  /** The scope for the names that nobody claims. No client reaches another one by sending this as its host. */
  static final String ANY_SCOPE = "*";

  /**
   * The RouteConfiguration that every request comes to first, and the name of its scope. Those
   * of hosts have the name of their space or begin with it.
   */
  static final String GATE = Resource.GATE.name();

  /** The scope of {@link #GATE}. No client reaches it by its host, as no host has a slash. */
  static final String GATE_SCOPE = "/";

  /** Names {@link #FOUND} to a request that has a route. */
  static final String FOUND_FILTER = "isoline.found";

  /** Stands in the header of a request whose route needs no other scope. It is no scope itself. */
  static final String FOUND = "+";

  /** Has the route chosen again of a request whose own host has no scope. */
  static final String UNSCOPED_FILTER = "isoline.unscoped";

  /** Names {@link #ANY_SCOPE} to such a request, before that. */
  static final String FALLBACK_FILTER = "isoline.fallback";

  /** Tries the scope of a name that was written with capital letters. */
  static final String NAME_FILTER = "isoline.name";

  /** Tries the scope of the wildcard that covers a name. */
  static final String WILDCARD_FILTER = "isoline.wildcard";

  /** The Secret for all that has none; the others have a slash in their names. */
  static final String DEFAULT_CERTIFICATE = Resource.DEFAULT_CERTIFICATE.name();

  /** "From the stream on which this resource came." */
  static final ConfigSource FROM_ADS =
      ConfigSource.newBuilder()
          .setAds(AggregatedConfigSource.getDefaultInstance())
          .setResourceApiVersion(ApiVersion.V3)
          .build();

  private Names() {}

  /**
   * The connection manager of every filter chain of a listener. Envoy asks for it by this name,
   * which keeps the chains small: it reads all of them when one is new.
   */
  static String manager(String listener) {
    return "isoline." + listener;
  }

  /** The scope of a host, and its RouteConfiguration. */
  static String scope(VirtualHost.Key key) {
    return key.space() + SEPARATOR + key.host().pattern();
  }

  /** Whose scope or RouteConfiguration that is; null for those that all hosts of a space share. */
  static VirtualHost.@Nullable Key hostOf(String scope) {
    int separator = scope.indexOf(SEPARATOR);
    return separator < 0
        ? null
        : new VirtualHost.Key(
            scope.substring(0, separator), new Host(scope.substring(separator + 1)));
  }
}
