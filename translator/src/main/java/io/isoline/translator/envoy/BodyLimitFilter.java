package io.isoline.translator.envoy;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;

/** Holds a request back until all of its body is there, and answers longer ones by 413. */
final class BodyLimitFilter implements FilterWriter {

  static final String NAME = "envoy.filters.http.buffer";

  private static final long MOST_BYTES = 0xffff_ffffL;

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    long bytes = target.options().limits().bodyBytes();
    return bytes == 0
        ? List.of()
        : List.of(
            HttpFilters.filter(
                NAME,
                Buffer.newBuilder()
                    .setMaxRequestBytes(UInt32Value.of((int) Math.min(bytes, MOST_BYTES)))
                    .build()));
  }

  @Override
  public boolean isOfBodies() {
    return true;
  }
}
