package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.isoline.translator.model.StandIn;

/** Tells a backend that it answers for one that has no endpoint. */
final class StandInWriter implements OptionWriter<StandIn> {

  @Override
  public Class<StandIn> option() {
    return StandIn.class;
  }

  @Override
  public void write(StandIn option, ServedRoute route) {
    route
        .route()
        .addRequestHeadersToRemove("x-format")
        .addRequestHeadersToAdd(RouteWriter.literal("x-code", "503"))
        .addRequestHeadersToAdd(
            RouteWriter.header(
                "x-format", "%REQ(ACCEPT)%", HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
        .addAllRequestHeadersToAdd(ErrorPagesFilter.told(option.asked()));
  }
}
