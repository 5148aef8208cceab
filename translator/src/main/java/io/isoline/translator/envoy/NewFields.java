package io.isoline.translator.envoy;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.http.v3.Cookie;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.isoline.translator.model.SessionCookie;
import io.isoline.translator.text.IpRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields of Envoy that the library's protos do not have yet, set by their numbers. Each has a test
 * that reads it from an Envoy's own dump of its configuration.
 */
final class NewFields {

  /** {@code envoy.extensions.filters.http.set_filter_state.v3.Config.clear_route_cache}. */
  private static final int CLEAR_ROUTE_CACHE = 2;

  /** {@code envoy.config.route.v3.RateLimit.Action.remote_address_match}. */
  private static final int REMOTE_ADDRESS_MATCH = 13;

  /** {@code envoy.type.http.v3.Cookie.attributes}, each with a name and a value. */
  private static final int COOKIE_ATTRIBUTES = 4;

  /** {@code envoy.config.route.v3.WeightedCluster.use_hash_policy}, a BoolValue. */
  private static final int USE_HASH_POLICY = 5;

  private static final int NAME = 1;
  private static final int VALUE = 2;

  /** {@code envoy.config.route.v3.RouteAction.path_rewrite}. */
  private static final int PATH_REWRITE = 45;

  /** {@code envoy.extensions.filters.http.composite.v3.ExecuteFilterAction.filter_chain}. */
  private static final int FILTER_CHAIN = 4;

  /** {@code envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor.status_on_error}. */
  private static final int STATUS_ON_ERROR = 24;

  /** {@code envoy.config.route.v3.RouteAction.RequestMirrorPolicy.disable_shadow_host_suffix_append}. */
  private static final int DISABLE_SHADOW_HOST_SUFFIX_APPEND = 6;

  /** {@code envoy.config.route.v3.RouteAction.RequestMirrorPolicy.request_headers_mutations}. */
  private static final int REQUEST_HEADERS_MUTATIONS = 7;

  /** {@code envoy.config.route.v3.RouteAction.RequestMirrorPolicy.host_rewrite_literal}. */
  private static final int HOST_REWRITE_LITERAL = 8;

  /** {@code HttpConnectionManager.Tracing.no_context_propagation}. */
  private static final int NO_CONTEXT_PROPAGATION = 13;

  private NewFields() {}

  /** Tracing that leaves the headers of requests alone. */
  static HttpConnectionManager.Tracing withoutPropagation(
      HttpConnectionManager.Tracing.Builder tracing) {
    return tracing
        .setUnknownFields(
            UnknownFieldSet.newBuilder().addField(NO_CONTEXT_PROPAGATION, number(1)).build())
        .build();
  }

  /** A filter that answers 503 where the service that it asks does not answer. */
  static ExternalProcessor unavailableOnError(ExternalProcessor.Builder filter) {
    return filter
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    STATUS_ON_ERROR,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(
                            HttpStatus.newBuilder()
                                .setCode(StatusCode.ServiceUnavailable)
                                .build()
                                .toByteString())
                        .build())
                .build())
        .build();
  }

  /**
   * Copies of requests.
   *
   * @param mutations what is changed of their headers
   * @param host what they have as Host; null for that of the request
   */
  static RouteAction.RequestMirrorPolicy mirror(
      String cluster, List<HeaderMutation> mutations, @Nullable String host) {
    UnknownFieldSet.Field.Builder all = UnknownFieldSet.Field.newBuilder();
    mutations.forEach(mutation -> all.addLengthDelimited(mutation.toByteString()));
    UnknownFieldSet.Builder fields =
        UnknownFieldSet.newBuilder()
            .addField(DISABLE_SHADOW_HOST_SUFFIX_APPEND, number(1))
            .addField(REQUEST_HEADERS_MUTATIONS, all.build());
    if (host != null) {
      fields.addField(HOST_REWRITE_LITERAL, text(host));
    }
    return RouteAction.RequestMirrorPolicy.newBuilder()
        .setCluster(cluster)
        .setUnknownFields(fields.build())
        .build();
  }

  /** A cookie with attributes besides HttpOnly. */
  static Cookie cookie(SessionCookie cookie) {
    UnknownFieldSet.Field.Builder attributes = UnknownFieldSet.Field.newBuilder();
    for (SessionCookie.Attribute attribute : cookie.attributes()) {
      attributes.addLengthDelimited(
          UnknownFieldSet.newBuilder()
              .addField(NAME, text(attribute.name()))
              .addField(VALUE, text(attribute.value()))
              .build()
              .toByteString());
    }
    return Cookie.newBuilder()
        .setName(cookie.name())
        .setUnknownFields(
            UnknownFieldSet.newBuilder().addField(COOKIE_ATTRIBUTES, attributes.build()).build())
        .build();
  }

  /** Clusters among which the hash policy of the route chooses. */
  static WeightedCluster choosingByHash(WeightedCluster.Builder clusters) {
    return clusters
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    USE_HASH_POLICY,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(BoolValue.of(true).toByteString())
                        .build())
                .build())
        .build();
  }

  private static UnknownFieldSet.Field text(String text) {
    return UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFromUtf8(text))
        .build();
  }

  /**
   * Has the backend get another path; the query stays.
   *
   * @param format of the path, with what Envoy knows of the request between percent signs
   */
  static void rewritePath(RouteAction.Builder action, String format) {
    action.mergeUnknownFields(
        UnknownFieldSet.newBuilder()
            .addField(PATH_REWRITE, text(format))
            .build());
  }

  /**
   * The action of a rate limit that gives an entry to requests of all addresses but some; of these
   * nothing at all is counted.
   */
  static RateLimit.Action unlessAddress(String key, String value, List<IpRange> ranges) {
    UnknownFieldSet.Field.Builder all = UnknownFieldSet.Field.newBuilder();
    ClientAddresses.ranges(ranges).forEach(range -> all.addLengthDelimited(range.toByteString()));
    UnknownFieldSet matcher =
        UnknownFieldSet.newBuilder().addField(1, all.build()).addField(2, number(1)).build();
    UnknownFieldSet match =
        UnknownFieldSet.newBuilder()
            // It is a format.
            .addField(1, bytes(ByteString.copyFromUtf8(value.replace("%", "%%"))))
            .addField(2, bytes(ByteString.copyFromUtf8(key)))
            .addField(4, bytes(matcher.toByteString()))
            .build();
    return RateLimit.Action.newBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(REMOTE_ADDRESS_MATCH, bytes(match.toByteString()))
                .build())
        .build();
  }

  /** The action that has these filters executed, in this order. */
  static ExecuteFilterAction executing(List<TypedExtensionConfig> filters) {
    UnknownFieldSet.Field.Builder all = UnknownFieldSet.Field.newBuilder();
    filters.forEach(filter -> all.addLengthDelimited(filter.toByteString()));
    UnknownFieldSet chain = UnknownFieldSet.newBuilder().addField(1, all.build()).build();
    return ExecuteFilterAction.newBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(FILTER_CHAIN, bytes(chain.toByteString()))
                .build())
        .build();
  }

  /**
   * {@code envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput}, a whole message: {@code true}
   * of answers that Envoy gives itself, and {@code false} of those of backends.
   */
  static com.github.xds.core.v3.TypedExtensionConfig whetherOfEnvoy() {
    return com.github.xds.core.v3.TypedExtensionConfig.newBuilder()
        .setName("of-envoy")
        .setTypedConfig(
            Any.newBuilder()
                .setTypeUrl(
                    "type.googleapis.com/envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput"))
        .build();
  }

  /** {@code envoy.extensions.filters.http.body_size_limit.v3.BodySizeLimit}, a whole message. */
  static Any bodySizeLimit(long bytes) {
    Value value = Value.newBuilder().setNumberValue((double) bytes).build();
    return Packing.any(
        TypedStruct.newBuilder()
            .setTypeUrl(
                "type.googleapis.com/envoy.extensions.filters.http.body_size_limit.v3"
                    + ".BodySizeLimit")
            .setValue(Struct.newBuilder().putFields("max_request_bytes", value))
            .build());
  }

  private static UnknownFieldSet.Field number(long value) {
    return UnknownFieldSet.Field.newBuilder().addVarint(value).build();
  }

  private static UnknownFieldSet.Field bytes(ByteString value) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
  }

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
                .addField(CLEAR_ROUTE_CACHE, number(1))
                .build())
        .build();
  }
}
