package io.isoline.translator.envoy;

import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;

/**
 * Fields of Envoy that the library's protos do not have yet, set by their numbers. Each has a test
 * that reads it from an Envoy's own dump of its configuration.
 */
final class NewFields {

  /** {@code envoy.extensions.filters.http.set_filter_state.v3.Config.clear_route_cache}. */
  private static final int CLEAR_ROUTE_CACHE = 2;

  private NewFields() {}

  /**
   * A filter that has the route of a request chosen again. It needs something to note; nobody reads
   * that.
   */
  static Config clearingRouteCache() {
    return Config.newBuilder()
        .addOnRequestHeaders(
            FilterStateValue.newBuilder()
                .setObjectKey("isoline.unscoped")
                .setFactoryKey("envoy.string")
                .setFormatString(
                    SubstitutionFormatString.newBuilder()
                        .setTextFormatSource(DataSource.newBuilder().setInlineString("true"))))
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    CLEAR_ROUTE_CACHE, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build())
        .build();
  }
}
