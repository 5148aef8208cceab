package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/** What the resources call each other. */
final class Names {

  /** The RouteConfiguration of all listeners. */
  static final String ROUTES = "ingress";

  static final String HTTP = "http";
  static final String HTTPS = "https";

  /** The Secret for all that has none; the others have a slash in their names. */
  static final String DEFAULT_CERTIFICATE = "default-certificate";

  /** The filter that adds Strict-Transport-Security; only HTTPS has it. */
  static final String HSTS_FILTER = "isoline.hsts";

  /** "From the stream on which this resource came." */
  static final ConfigSource FROM_ADS =
      ConfigSource.newBuilder()
          .setAds(AggregatedConfigSource.getDefaultInstance())
          .setResourceApiVersion(ApiVersion.V3)
          .build();

  private Names() {}
}
