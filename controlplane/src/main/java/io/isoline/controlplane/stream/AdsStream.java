package io.isoline.controlplane.stream;

import io.isoline.controlplane.stream.AdsRequest.ClientNode;
import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of one stream: brings one client from whatever it holds to what the store has.
 *
 * <p>The idea: it never plans. For each type it keeps the difference between the store and what the
 * client may hold ({@link TypeState}). Requests and changes of the store only alter that
 * difference. After each of them, {@link #advance} sends for every type that has nothing under way
 * the part of the difference that {@link PushOrder} lets through. Several changes while a response
 * is under way thus become one, and whatever happens in whatever order, a client that answers ends
 * up with what the store has.
 *
 * <p>What is refused is taken out of the difference until its version changes, so that a refusal is
 * never answered with the same thing ({@link Bisection} finds what it was).
 *
 * <p>A type that is not served is treated as one without resources: names that a delta client
 * subscribes to are answered with their removal, other first requests with an empty response. Envoy
 * would otherwise wait for its {@code initial_fetch_timeout} with listeners or even its start.
 *
 * <p>Times are nanoseconds of an arbitrary origin, as {@link System#nanoTime}. Owned by the
 * engine's thread.
 */
public final class AdsStream {
  private static final Logger log = LoggerFactory.getLogger(AdsStream.class);

  private static final Map<String, ResourceType> TYPES = new HashMap<>();

  static {
    for (ResourceType type : ResourceType.values()) {
      TYPES.put(type.typeUrl(), type);
    }
  }

  /**
   * The average length, in characters, that names and claimed versions may have when a client has
   * as many as it may. Ours are shorter, so only a client that means harm reaches this limit;
   * without it, each of the allowed names could have megabytes.
   */
  static final int AVERAGE_NAME = 256;

  /**
   * What to do next.
   *
   * @param responses to send, in this order
   * @param deadline when to call {@link #tick} if nothing else happens before
   */
  public record Output(List<AdsResponse> responses, OptionalLong deadline) {
    private static final Output NOTHING = new Output(List.of(), OptionalLong.empty());
  }

  private final long id;
  private final String peer;
  private final Variant variant;
  private final ResourceStore store;
  private final StreamEvents events;
  private final int maxNames;
  private final Predicate<AdsStream> allowance;
  private final Map<ResourceType, TypeState> types = new EnumMap<>(ResourceType.class);
  private final PushOrder order;
  private final List<AdsRequest> early = new ArrayList<>();

  private long earlyBytes;

  private @Nullable StreamInfo info;
  private long lastNumber;
  private boolean toldStale;
  private boolean toldUnknownType;

  AdsStream(
      long id,
      String peer,
      Variant variant,
      ResourceStore store,
      StreamEvents events,
      long orderLimitNanos,
      int maxNames) {
    this(id, peer, variant, store, events, orderLimitNanos, maxNames, any -> true);
  }

  /**
   * Makes a stream that has had no request yet.
   *
   * @param allowance whether a stream may take as much memory as it does after a request of it
   */
  public AdsStream(
      long id,
      String peer,
      Variant variant,
      ResourceStore store,
      StreamEvents events,
      long orderLimitNanos,
      int maxNames,
      Predicate<AdsStream> allowance) {
    this.allowance = allowance;
    this.id = id;
    this.peer = peer;
    this.variant = variant;
    this.store = store;
    this.events = events;
    this.maxNames = maxNames;
    for (ResourceType type : ResourceType.values()) {
      types.put(type, new TypeState(type, variant, store));
    }
    order = new PushOrder(types, store, orderLimitNanos);
  }

  // What happens to a stream.

  /**
   * Takes a request. Before the store is loaded it is kept for later.
   *
   * @throws TooManyNames when the client asks for more than is sane; the stream must be closed
   */
  public Output request(AdsRequest request, long now) {
    identify(request.node());
    if (!store.isLoaded()) {
      early.add(request);
      earlyBytes += request.bytes();
      checkMemory();
      return Output.NOTHING;
    }
    List<AdsResponse> responses = new ArrayList<>();
    handle(request, responses);
    return advance(responses, now);
  }

  /** Notes that the store has its first full content now. */
  public Output loaded(long now) {
    List<AdsResponse> responses = new ArrayList<>();
    early.forEach(request -> handle(request, responses));
    early.clear();
    earlyBytes = 0;
    return advance(responses, now);
  }

  /** Notes that these resources of the store are new, other or gone. */
  public Output changed(List<Resource.Key> keys, long now) {
    keys.forEach(key -> state(key.type()).reconsider(key.name()));
    return advance(new ArrayList<>(), now);
  }

  /** Does what is due by this time. */
  public Output tick(long now) {
    return advance(new ArrayList<>(), now);
  }

  /** Notes that the stream has ended. */
  public void closed() {
    if (info != null) {
      events.closed(info);
    }
  }

  // Requests.

  /** The first request says who it is. Whatever later ones say is not looked at. */
  private void identify(@Nullable ClientNode node) {
    if (info == null) {
    info =
          node == null
              ? new StreamInfo(id, peer, variant == Variant.DELTA, "", "", "")
              : new StreamInfo(
                  id, peer, variant == Variant.DELTA, node.id(), node.cluster(), node.userAgent());
      events.opened(info);
    }
  }

  private void handle(AdsRequest request, List<AdsResponse> responses) {
    // Not its words: Envoy repeats in them what it refuses, also a Secret.
    log.debug(
        "{} says {} {} {}", this, request.typeUrl(), request.nonce(), request.interest());
    ResourceType type = TYPES.get(request.typeUrl());
    if (type == null) {
      handleUnknownType(request, responses);
      return;
    }
    TypeState state = state(type);
    if (!request.nonce().isEmpty()) {
      Flight flight = state.flight();
      if (flight == null || !flight.nonce().equals(request.nonce())) {
        if (!state.isAnswered(request.nonce())) {
          tellStale(request);
        }
      } else if (request.error() != null) {
        refused(state, flight, request.error());
      } else if (flight.isTakenBy(request.interest())) {
        acknowledged(state, flight);
      } else {
        state.passedOver(flight);
      }
    }
    boolean first = !state.isRequested();
    // What a request subscribes to counts even if it answers a response of old: requests come in
    // the
    // order in which they were sent, so it is the latest that the client said.
    switch (request.interest()) {
      case DeltaInterest delta -> state.subscribe(delta);
      case SotwInterest sotw -> state.subscribe(sotw);
    }
    if (first && type == ResourceType.ENDPOINT) {
      order.endpointsFirstRequested();
    }
    int names = types.values().stream().mapToInt(TypeState::footprint).sum();
    if (names > maxNames) {
      throw new TooManyNames(this + " subscribes to " + names + " names; the limit is " + maxNames);
    }
    long characters = types.values().stream().mapToLong(TypeState::characters).sum();
    long mostCharacters = (long) maxNames * AVERAGE_NAME;
    if (characters > mostCharacters) {
      throw new TooManyNames(
          this
              + " subscribes to names of "
              + characters
              + " characters together; the limit is "
              + mostCharacters);
    }
    checkMemory();
    if (info != null) {
      events.requested(info);
    }
  }

  private void checkMemory() {
    if (!allowance.test(this)) {
      throw new TooManyNames(tooMuchMemory());
    }
  }

  public String tooMuchMemory() {
    return ("%s takes %d kB for the names that it subscribes to, the most of all, and all together"
            + " take too much")
        .formatted(this, bytes() >> 10);
  }

  private void acknowledged(TypeState state, Flight flight) {
    if (state.acknowledged(flight)) {
      state(ResourceType.LISTENER).retryRejected();
    }
    if (state.type() == ResourceType.ENDPOINT) {
      order.endpointsAcknowledged(flight);
    }
    if (info != null) {
      Map<String, String> versions = new HashMap<>();
      flight.upserts().forEach((name, resource) -> versions.put(name, resource.version()));
      events.acknowledged(info, state.type(), versions, flight.removals());
    }
  }

  private void refused(TypeState state, Flight flight, String words) {
    if (info != null) {
      events.refused(info, state.type());
    }
    Resource culprit = state.refused(flight, words);
    String brief = RefusalWords.brief(words);
    switch (state.type()) {
      case CLUSTER -> order.clustersRefused(flight);
      case ENDPOINT -> order.endpointsRefused(flight);
      case SECRET, LISTENER, EXTENSION, SCOPE, ROUTE -> {}
    }
    if (culprit != null) {
      log.debug("{} refuses {}: {}", this, culprit, brief);
      if (info != null) {
        events.rejected(info, culprit, brief);
      }
    } else if (flight.purpose() == Purpose.REPLACEMENT) {
      log.warn("{} refuses what {} had before, too: {}", this, flight.upserts().keySet(), brief);
    } else if (flight.upserts().isEmpty()) {
      log.warn("{} refuses a {} response without a resource in it: {}", this, state.type(), brief);
    } else if (flight.upserts().size() == 1) {
      log.info(
          "{} refuses {}, maybe for the sake of another; it is tried again: {}",
          this,
          flight.upserts().values(),
          brief);
    } else {
      log.info(
          "{} refuses one or more of {} {} resources; looking for which: {}",
          this,
          flight.upserts().size(),
          state.type(),
          brief);
    }
  }

  private void handleUnknownType(AdsRequest request, List<AdsResponse> responses) {
    if (!toldUnknownType) {
      toldUnknownType = true;
      log.warn(
          "{} asks for a type that is not served and is told that there is nothing: {}",
          this,
          request.typeUrl());
    }
    List<String> names =
        request.interest() instanceof DeltaInterest delta
            ? delta.subscribe().stream().filter(name -> !name.equals("*")).toList()
            : List.of();
    if (request.nonce().isEmpty() || !names.isEmpty()) {
      lastNumber++;
      responses.add(
          new AdsResponse(
              request.typeUrl(),
              Long.toString(lastNumber),
              new SetHash().toString(),
              List.of(),
              names));
    }
  }

  private void tellStale(AdsRequest request) {
    if (!toldStale) {
      toldStale = true;
      log.info(
          "{} answers a {} response that is not the last one (nonce {})",
          this,
          request.typeUrl(),
          request.nonce());
    }
  }

  // Responses.

  private Output advance(List<AdsResponse> responses, long now) {
    if (!store.isLoaded()) {
      return Output.NOTHING;
    }
    order.round(now);
    for (TypeState state : types.values()) {
      if (state.flight() == null) {
        Batch batch = order.next(state, now);
        if (!batch.isEmpty()) {
          lastNumber++;
          AdsResponse response = state.send(batch, lastNumber, now, isReturning());
          responses.add(response);
          if (info != null) {
            events.sent(info, state.type(), response.resources().size(), response.bytes());
          }
          Flight flight = state.flight();
          if (state.type() == ResourceType.CLUSTER && flight != null) {
            order.clustersSent(flight);
          }
          log.debug("{} is sent response {}: {} {}", this, lastNumber, state.type(), batch);
        }
      }
    }
    return new Output(responses, order.deadline(now));
  }

  /** Whether the client has said of any type that it holds something from an earlier stream. */
  private boolean isReturning() {
    return types.values().stream().anyMatch(TypeState::isReturning);
  }

  // Questions.

  public @Nullable StreamInfo info() {
    return info;
  }

  /** When the oldest response that has no answer was sent. */
  public OptionalLong unansweredSince() {
    OptionalLong oldest = OptionalLong.empty();
    for (TypeState state : types.values()) {
      Flight flight = state.flight();
      if (flight != null
          && (oldest.isEmpty() || flight.sentAt() - oldest.getAsLong() < 0)) {
        oldest = OptionalLong.of(flight.sentAt());
      }
    }
    return oldest;
  }

  public boolean isSubscribed(Resource.Key key) {
    return state(key.type()).isSubscribed(key.name());
  }

  public boolean isProgrammed(Resource.Key key, @Nullable String version) {
    return state(key.type()).isProgrammed(key.name(), version);
  }

  /** Whether it is an Envoy that serves clients, or is about to. */
  public boolean isProxy() {
    return state(ResourceType.LISTENER).isRequested();
  }

  public boolean isAcknowledged(Resource.Key key, Set<String> versions) {
    return state(key.type()).isAcknowledged(key.name(), versions);
  }

  /**
   * Whether the client refused the current version of a resource, or keeps one that is gone because
   * the last good version of a refused one needs it.
   */
  public boolean isRejected(Resource.Key key) {
    return state(key.type()).isRejected(key.name())
        || (order.isKept(key) && store.find(key) == null);
  }

  /** About what the client makes us keep, in bytes. Costs the same however much that is. */
  public long bytes() {
    long bytes = StreamMemory.STREAM_BYTES + earlyBytes;
    if (info != null) {
      bytes +=
          StreamMemory.bytes(
              0, info.nodeId().length() + info.nodeCluster().length() + info.userAgent().length());
    }
    for (TypeState state : types.values()) {
      bytes += state.bytes();
    }
    return bytes;
  }

  @SuppressWarnings("NullAway") // the constructor fills the map with every type
  private TypeState state(ResourceType type) {
    return types.get(type);
  }

  @Override
  public String toString() {
   return info == null ? "stream " + id + " from " + peer : info.toString();
  }

  /** A client asks for more names than is sane. */
  public static final class TooManyNames extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyNames(String message) {
      super(message);
    }
  }
}
