package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.BodyLimit;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;

/**
 * Counts the body of a request as it passes, and answers by 413 when it is too long: at once where its
 * length is announced. Nothing is held back.
 *
 * <p>Envoy's filter for it, which is new in 1.40, cannot be told by a route how much is too long, and
 * the one that takes others in (filter_chain) looks at the first route alone, which is that of the
 * {@link Gate}. So it is executed by the composite filter, whose matcher is that of the route at the
 * moment of its turn. WebSockets are no bodies.
 */
final class RouteBodyLimit implements FilterWriter, OptionWriter<BodyLimit> {

  static final String NAME = "isoline.body-limit";

  /** The filter that holds bodies back for the limit of all hosts. */
  private static final Any OTHER_LIMIT_OFF =
      Packing.any(BufferPerRoute.newBuilder().setDisabled(true).build());

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(ByRoute.filter(NAME));
  }

  @Override
  public Class<BodyLimit> option() {
    return BodyLimit.class;
  }

  @Override
  public void write(BodyLimit limit, ServedRoute route) {
    route.route().putTypedPerFilterConfig(BodyLimitFilter.NAME, OTHER_LIMIT_OFF);
    if (limit.bytes() != 0) {
      route.route().putTypedPerFilterConfig(NAME, counting(limit.bytes()));
    }
  }

  private static Any counting(long bytes) {
    TypedExtensionConfig count =
        TypedExtensionConfig.newBuilder()
            .setName("body-limit")
            .setTypedConfig(NewFields.bodySizeLimit(bytes))
            .build();
    return ByRoute.perRoute(
        WebSockets.skipped()
            .setOnNoMatch(
                ByRoute.action(
                    Packing.extension(
                        "count",
                        ExecuteFilterAction.newBuilder().setTypedConfig(count).build()))));
  }
}
