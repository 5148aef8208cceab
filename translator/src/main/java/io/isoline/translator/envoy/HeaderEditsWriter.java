package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
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
        .map(
            header ->
                RouteWriter.header(
                    header.getKey(),
                    // Nothing in it is a command of Envoy.
                    header.getValue().replace("%", "%%"),
                    HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
        .toList();
  }
}
