package io.isoline.controlplane.counts;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Brings the limit of a route from the metadata of a stream to the service. gRPC keeps it as long as the
 * stream; so what is long in it is given away, and not held.
 *
 * <p>For one thread at a time, as gRPC calls it.
 */
final class OpeningStream {

  private static final Context.Key<@Nullable OpeningStream> CURRENT = Context.key("opening-stream");

  static final ServerInterceptor INTERCEPTOR =
      new ServerInterceptor() {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
          OpeningStream opening = new OpeningStream(CountedRoute.read(headers));
          return Contexts.interceptCall(
              Context.current().withValue(CURRENT, opening), call, headers, next);
        }
      };

  private @Nullable CountedRoute route;

  private OpeningStream(@Nullable CountedRoute route) {
    this.route = route;
  }

  /** The limit of the stream that is being opened, once; null when it brings none that can be read. */
  static @Nullable CountedRoute takeRoute() {
    OpeningStream opening = CURRENT.get();
    if (opening == null) {
      return null;
    }
    CountedRoute route = opening.route;
    opening.route = null;
    return route;
  }
}
