package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.isoline.translator.model.HeaderEdits;
import java.util.List;
import java.util.SortedMap;

/** Writes which headers are set or removed on the way. */
final class HeaderEditsWriter implements OptionWriter<HeaderEdits> {

  @Override
  public Class<HeaderEdits> option() {
    return HeaderEdits.class;
  }

  @Override
  public void write(HeaderEdits edits, ServedRoute route) {
    route
        .route()
        .addAllRequestHeadersToAdd(set(edits.request()))
        .addAllRequestHeadersToRemove(edits.requestRemoved())
        .addAllResponseHeadersToAdd(set(edits.response()))
        .addAllResponseHeadersToRemove(edits.responseRemoved());
  }

  private static List<HeaderValueOption> set(SortedMap<String, String> headers) {
    return headers.entrySet().stream()
        .map(header -> RouteWriter.literal(header.getKey(), header.getValue()))
        .toList();
  }
}
