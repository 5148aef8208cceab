package io.isoline.translator.envoy;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.isoline.translator.model.ReadTimeout;
import io.isoline.translator.model.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes what is tried again: for all routes of a host, and where a route says otherwise. */
final class RetriesWriter implements OptionWriter<Retries> {

  private static final int RETRIES = 5;

  /**
   * How often an endpoint is looked for that was not tried. Next to each other on a ring of hashes are
   * many places of one endpoint.
   */
  private static final int SELECTIONS = 64;

  /** What the backend can't have begun to act on. */
  private static final String NOT_BEGUN = "connect-failure,refused-stream,reset-before-request";

  /** More than all pauses between tries together. */
  private static final Duration PAUSES = Duration.ofSeconds(5);

  /**
   * What the backend can't have begun to act on is tried again, and by {@link ResetRetry} what it
   * may act on twice, each time on an endpoint that was not tried before. A Deployment that is
   * scaled from 5 to 1 leaves four endpoints that refuse, until the change of its EndpointSlice is
   * here; the pauses, 25 to 250 ms, are for that.
   */
  static final RetryPolicy OF_ALL_ROUTES = again(RETRIES).setRetryOn(NOT_BEGUN).build();

  private static RetryPolicy.Builder again(int retries) {
    return RetryPolicy.newBuilder()
        .setNumRetries(UInt32Value.of(retries))
        .addRetryHostPredicate(
            RetryHostPredicate.newBuilder()
                .setName("envoy.retry_host_predicates.previous_hosts")
                .setTypedConfig(Packing.any(PreviousHostsPredicate.getDefaultInstance())))
        .setHostSelectionRetryMaxAttempts(SELECTIONS);
  }

  @Override
  public Class<Retries> option() {
    return Retries.class;
  }

  @Override
  public void write(Retries option, ServedRoute route) {
    ReadTimeout timeout = route.model().options().get(ReadTimeout.class);
    int tries = option.tries();
    if (option.onTimeout() && timeout != null && option.within() != null) {
      tries = Math.min(tries, rounds(option.within(), timeout.timeout()));
    }
    if (tries == 1) {
      // Takes the place of what holds for all routes, and leaves the header that adds to it out.
      route.action().setRetryPolicy(RetryPolicy.getDefaultInstance());
      route.route().addRequestHeadersToRemove(ResetRetry.HEADER);
      return;
    }
    RetryPolicy.Builder policy =
        again(tries - 1)
            .setRetryOn(conditions(option))
            .addAllRetriableStatusCodes(option.statuses());
    if (option.onTimeout() && timeout != null) {
      policy.setPerTryIdleTimeout(Packing.duration(timeout.timeout()));
      // That of the request as a whole ends it, however many tries are left.
      route
          .action()
          .setIdleTimeout(
              Packing.duration(timeout.timeout().multipliedBy(tries).plus(PAUSES)));
    }
    route.action().setRetryPolicy(policy);
  }

  private static String conditions(Retries option) {
    List<String> conditions = new ArrayList<>();
    if (option.onError()) {
      conditions.add(NOT_BEGUN);
    }
    if (option.anyMethod()) {
      conditions.add(ResetRetry.CONDITIONS);
    }
    return String.join(",", conditions);
  }

  /** How many of these times it takes until another one is over. */
  private static int rounds(Duration within, Duration time) {
    long rounds = (within.toMillis() + time.toMillis() - 1) / time.toMillis();
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, rounds));
  }
}
