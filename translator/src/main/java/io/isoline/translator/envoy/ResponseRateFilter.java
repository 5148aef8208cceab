package io.isoline.translator.envoy;

import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.ResponseRate;
import java.util.List;

/**
 * Sends answers no faster than a route says. Envoy's filter for the bandwidth counts all answers of a
 * route together, so that one client would slow the others; that for faults counts each by itself.
 */
final class ResponseRateFilter implements FilterWriter, OptionWriter<ResponseRate> {

  private static final String NAME = "isoline.response-rate";

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(HttpFilters.filter(NAME, HTTPFault.getDefaultInstance()));
  }

  @Override
  public Class<ResponseRate> option() {
    return ResponseRate.class;
  }

  @Override
  public void write(ResponseRate rate, ServedRoute route) {
    route
        .route()
        .putTypedPerFilterConfig(
            NAME,
            Packing.any(
                HTTPFault.newBuilder()
                    .setResponseRateLimit(
                        FaultRateLimit.newBuilder()
                            .setFixedLimit(
                                FaultRateLimit.FixedLimit.newBuilder()
                                    .setLimitKbps(rate.kilobytes()))
                            .setPercentage(FractionalPercent.newBuilder().setNumerator(100)))
                    .build()));
  }
}
