package io.isoline.translator.envoy;

import io.isoline.translator.model.Header;
import io.isoline.translator.model.ResponseHeaders;

/** Writes the headers that answers get. */
final class ResponseHeadersWriter implements OptionWriter<ResponseHeaders> {

  @Override
  public Class<ResponseHeaders> option() {
    return ResponseHeaders.class;
  }

  @Override
  public void write(ResponseHeaders option, ServedRoute route) {
    for (Header header : option.headers()) {
      if (header.value().isEmpty()) {
        route.route().addResponseHeadersToRemove(header.name());
      } else {
        route
            .route()
            .addResponseHeadersToAdd(RouteWriter.literal(header.name(), header.value()));
      }
    }
  }
}
