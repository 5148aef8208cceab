package io.isoline.controlplane.counts;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.isoline.translator.credentials.ConnectionCount;
import io.isoline.translator.text.IpRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a route, as the metadata of a stream brings it.
 *
 * @param counter {@code NAMESPACE/NAME}
 * @param most how many requests a client may have under way, 1 or more
 * @param exempt clients that are not counted
 */
record CountedRoute(String counter, int most, List<IpRange> exempt) {

  private static final Context.Key<@Nullable CountedRoute> OF_THE_STREAM =
      Context.key("counted-route");

  /** Keeps the limit for {@link #ofTheStream}. */
  static final ServerInterceptor INTERCEPTOR =
      new ServerInterceptor() {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
          Context context = Context.current().withValue(OF_THE_STREAM, read(headers));
          return Contexts.interceptCall(context, call, headers, next);
        }
      };

  /** The limit of the stream that is being opened; null when it brings none that can be read. */
  static @Nullable CountedRoute ofTheStream() {
    return OF_THE_STREAM.get();
  }

  /** Whether requests of an address are not counted. */
  boolean exempts(InetAddress client) {
    return exempt.stream().anyMatch(range -> range.contains(client));
  }

  private static @Nullable CountedRoute read(Metadata headers) {
    String counter = value(headers, ConnectionCount.COUNTER);
    String most = value(headers, ConnectionCount.MOST);
    String exempt = value(headers, ConnectionCount.EXEMPT);
    if (counter == null || most == null || !most.matches("[1-9][0-9]{0,4}")) {
      return null;
    }
    List<IpRange> ranges = new ArrayList<>();
    if (exempt != null) {
      for (String text : exempt.split(",", -1)) {
        IpRange range = IpRange.parse(text);
        if (range == null) {
          return null;
        }
        ranges.add(range);
      }
    }
    return new CountedRoute(counter, Integer.parseInt(most), ranges);
  }

  private static @Nullable String value(Metadata headers, String name) {
    return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
