package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.isoline.translator.credentials.CheckContext;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.model.AccessCheck;
import io.isoline.translator.model.Listener.ToHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Has Envoy ask the service beside it who may pass. The filter would ask about each request; every
 * RouteConfiguration says that it does not, and a route that is protected that it does, and with what.
 *
 * <p>Without an answer a request gets 503, also where the bootstrap has no such cluster.
 */
final class AccessFilter implements FilterWriter, OptionWriter<AccessCheck> {

  static final String NAME = "isoline.access";

  /** Of a route of which nothing is asked. */
  static final Any NOTHING =
      Packing.any(ExtAuthzPerRoute.newBuilder().setDisabled(true).build());

  /** What every RouteConfiguration says: nothing is asked. */
  static final Map<String, Any> OFF = Map.of(NAME, NOTHING);

  /** Some seconds more than the longest that the service takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(65);

  /**
   * Where one way in is enough, the filter of addresses does not act, and notes what it would have
   * done: who is let in by address is asked nothing more.
   */
  private static final MetadataMatcher UNLESS_LET_IN =
      MetadataMatcher.newBuilder()
          .setFilter("envoy.filters.http.rbac")
          .addPath(MetadataMatcher.PathSegment.newBuilder().setKey("shadow_engine_result"))
          .setValue(
              ValueMatcher.newBuilder()
                  .setStringMatch(StringMatcher.newBuilder().setExact("allowed")))
          .setInvert(true)
          .build();

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(
            NAME,
            ExtAuthz.newBuilder()
                .setTransportApiVersion(ApiVersion.V3)
                .setGrpcService(
                    GrpcService.newBuilder()
                        .setEnvoyGrpc(
                            GrpcService.EnvoyGrpc.newBuilder()
                                .setClusterName(CheckContext.CLUSTER))
                        .setTimeout(Packing.duration(PATIENCE)))
                .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
                .setValidateMutations(true)
                .setEncodeRawHeaders(true)
                .setFilterEnabledMetadata(UNLESS_LET_IN)
                .build()));
  }

  @Override
  public Class<AccessCheck> option() {
    return AccessCheck.class;
  }

  @Override
  public void write(AccessCheck check, ServedRoute route) {
    CheckSettings.Builder settings = CheckSettings.newBuilder();
    AccessCheck.Passwords passwords = check.passwords();
    if (passwords != null) {
      settings
          .putContextExtensions(CheckContext.USERS, passwords.users())
          .putContextExtensions(CheckContext.REALM, passwords.realm());
    }
    ExternalCheck external = check.external();
    if (external != null) {
      settings.putContextExtensions(CheckContext.EXTERNAL, external.text());
    }
    if (check.any()) {
      settings.putContextExtensions(CheckContext.ANY, "");
    }
    if (check.loopback()) {
      settings.putContextExtensions(CheckContext.LOOPBACK, "");
    }
    route
        .route()
        .putTypedPerFilterConfig(
            NAME, Packing.any(ExtAuthzPerRoute.newBuilder().setCheckSettings(settings).build()));
  }
}
