package io.isoline.translator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.RequestLimit;
import io.isoline.translator.model.Route;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Answers what a client sends too often by 503.
 *
 * <p>A bucket belongs to where it is configured. So all limits of a host are in its virtual host, as
 * routes share them, and a route says in its metadata which one is its own. Envoy makes a bucket of a
 * client when that sends its first request, and forgets those that were used least lately.
 */
final class RequestLimitFilter implements FilterWriter, OptionWriter<RequestLimit> {

  private static final String NAME = "isoline.request-limit";

  /** The metadata of a route, and the counter in it. */
  private static final String METADATA = NAME;

  private static final String COUNTER = "counter";

  private static final String UNIT = "unit";

  /** Of clients that are not exempt from a limit. */
  private static final String NOT_EXEMPT = "counted";

  /** How many clients of each limit are remembered. */
  private static final int CLIENTS = 10_000;

  /** The intervals of all buckets have to be multiples of this one. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private static final RuntimeFractionalPercent ALWAYS =
      RuntimeFractionalPercent.newBuilder()
          .setRuntimeKey("isoline.limited")
          .setDefaultValue(FractionalPercent.newBuilder().setNumerator(100))
          .build();

  /** Of requests without a limit; it is never empty. */
  private static final TokenBucket UNLIMITED = bucket(0xffff_ffffL, TICK, 0xffff_ffffL);

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(NAME, LocalRateLimit.newBuilder().setStatPrefix(NAME).build()));
  }

  @Override
  public Class<RequestLimit> option() {
    return RequestLimit.class;
  }

  @Override
  public void write(RequestLimit limit, ServedRoute route) {
    route
        .route()
        .getMetadataBuilder()
        .putFilterMetadata(
            METADATA,
            Struct.newBuilder()
                .putFields(COUNTER, Value.newBuilder().setStringValue(limit.counter()).build())
                .build());
  }

  /** Adds the limits of the routes of a host. */
  static void add(VirtualHost.Builder host, List<Route> routes) {
    SortedMap<String, RequestLimit> limits = new TreeMap<>();
    for (Route route : routes) {
      RequestLimit limit = route.options().get(RequestLimit.class);
      if (limit != null) {
        limits.put(limit.counter(), limit);
      }
    }
    if (limits.isEmpty()) {
      return;
    }
    LocalRateLimit.Builder filter =
        LocalRateLimit.newBuilder()
            .setStatPrefix(NAME)
            .setStatus(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
            .setFilterEnabled(ALWAYS)
            .setFilterEnforced(ALWAYS)
            .setTokenBucket(UNLIMITED)
            .setAlwaysConsumeDefaultTokenBucket(BoolValue.of(false))
            .setMaxDynamicDescriptors(UInt32Value.of(CLIENTS));
    SortedSet<Duration> units = new TreeSet<>();
    for (RequestLimit limit : limits.values()) {
      for (RequestLimit.Rate rate : limit.rates()) {
        filter.addDescriptors(descriptor(limit, rate));
        if (limit.exempt().isEmpty()) {
          units.add(rate.unit());
        } else {
          filter.addRateLimits(
              counted(rate.unit())
                  .addActions(NewFields.unlessAddress(NOT_EXEMPT, limit.counter(), limit.exempt())));
        }
      }
    }
    units.forEach(unit -> filter.addRateLimits(counted(unit)));
    host.putTypedPerFilterConfig(NAME, Packing.any(filter.build()));
  }

  /** What a request has to have, in this order, to be counted by a bucket. */
  private static LocalRateLimitDescriptor descriptor(RequestLimit limit, RequestLimit.Rate rate) {
    LocalRateLimitDescriptor.Builder descriptor =
        LocalRateLimitDescriptor.newBuilder()
            .setTokenBucket(bucket(rate.atOnce(), rate.unit(), rate.requests()))
            .addEntries(entry(UNIT, rate.unit().toString()))
            .addEntries(entry(COUNTER, limit.counter()))
            // Without a value it is a bucket for each.
            .addEntries(entry("remote_address", ""));
    if (!limit.exempt().isEmpty()) {
      descriptor.addEntries(entry(NOT_EXEMPT, limit.counter()));
    }
    return descriptor.build();
  }

  private static RateLimitDescriptor.Entry entry(String key, String value) {
    return RateLimitDescriptor.Entry.newBuilder().setKey(key).setValue(value).build();
  }

  /** What is made of a request; nothing of one whose route has no counter. */
  private static RateLimit.Builder counted(Duration unit) {
    return RateLimit.newBuilder()
        .addActions(
            RateLimit.Action.newBuilder()
                .setGenericKey(
                    RateLimit.Action.GenericKey.newBuilder()
                        .setDescriptorKey(UNIT)
                        .setDescriptorValue(unit.toString())))
        .addActions(
            RateLimit.Action.newBuilder()
                .setMetadata(
                    RateLimit.Action.MetaData.newBuilder()
                        .setDescriptorKey(COUNTER)
                        .setSource(RateLimit.Action.MetaData.Source.ROUTE_ENTRY)
                        .setMetadataKey(
                            MetadataKey.newBuilder()
                                .setKey(METADATA)
                                .addPath(MetadataKey.PathSegment.newBuilder().setKey(COUNTER)))))
        .addActions(
            RateLimit.Action.newBuilder()
                .setRemoteAddress(RateLimit.Action.RemoteAddress.getDefaultInstance()));
  }

  private static TokenBucket bucket(long most, Duration unit, long perUnit) {
    return TokenBucket.newBuilder()
        .setMaxTokens((int) most)
        .setTokensPerFill(UInt32Value.of((int) perUnit))
        .setFillInterval(Packing.duration(unit))
        .build();
  }
}
