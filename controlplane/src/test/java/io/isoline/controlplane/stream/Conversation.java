package io.isoline.controlplane.stream;

import io.isoline.controlplane.stream.AdsRequest.ClientNode;
import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store and one stream, with the client's side spoken by the test. The limit is 1000 ns. */
final class Conversation implements ResourceStore.Listener, StreamEvents {
  static final long LIMIT = 1000;

  final ResourceStore store = new ResourceStore();
  final List<String> events = new ArrayList<>();

  /** Requests and responses, which are too many for {@link #events}. */
  final List<String> traffic = new ArrayList<>();

  final AdsStream stream;
  private final Variant variant;
  private final List<AdsResponse> inbox = new ArrayList<>();
  private OptionalLong deadline = OptionalLong.empty();

  /** As {@link System#nanoTime} may be. */
  long now = -123_456_789;

  Conversation(Variant variant, Resource... resources) {
    this(variant, 100, resources);
  }

  Conversation(Variant variant, int maxNames, Resource... resources) {
    this.variant = variant;
    stream = new AdsStream(7, "peer", variant, store, this, LIMIT, maxNames);
    store.listen(this);
    if (resources.length > 0) {
      put(resources);
      store.markLoaded();
    }
  }

  // The store.

  void put(Resource... resources) {
    store.apply(List.of(resources), Set.of());
  }

  void remove(ResourceType type, String name) {
    store.apply(List.of(), Set.of(new Resource.Key(type, name)));
  }

  @Override
  public void loaded() {
    collect(stream.loaded(now));
  }

  @Override
  public void changed(List<Resource.Key> keys) {
    collect(stream.changed(keys, now));
  }

  // The client.

  void request(AdsRequest request) {
    collect(stream.request(request, now));
  }

  /** A first or further request of names, none for the wildcard of clusters and listeners. */
  void ask(ResourceType type, String... names) {
    request(
        request(
            type,
            "",
            null,
            variant == Variant.DELTA
                ? new DeltaInterest(List.of(names), List.of(), Map.of())
                : new SotwInterest(List.of(names), "")));
  }

  /** The first request of a delta client that holds something. */
  void resume(ResourceType type, Map<String, String> initial, String... names) {
    request(request(type, "", null, new DeltaInterest(List.of(names), List.of(), initial)));
  }

  void unsubscribe(ResourceType type, String... names) {
    request(request(type, "", null, new DeltaInterest(List.of(), List.of(names), Map.of())));
  }

  void ack(AdsResponse response, String... sotwNames) {
    answer(response, null, sotwNames);
  }

  void nack(AdsResponse response, String words, String... sotwNames) {
    answer(response, words, sotwNames);
  }

  private void answer(AdsResponse response, @Nullable String error, String... names) {
    request(
        request(
            FakeEnvoy.typeOf(response),
            response.nonce(),
            error,
            variant == Variant.DELTA
                ? new DeltaInterest(List.of(), List.of(), Map.of())
                : new SotwInterest(List.of(names), error == null ? response.version() : "")));
  }

  static AdsRequest request(
      ResourceType type, String nonce, @Nullable String error, AdsRequest.Interest interest) {
    return new AdsRequest(
        type.typeUrl(), nonce, error, new ClientNode("envoy-1", "edge", "envoy 1.40.0"), interest);
  }

  void elapse(long nanos) {
    now += nanos;
    collect(stream.tick(now));
  }

  OptionalLong deadline() {
    return deadline;
  }

  /** How long it is until {@link #deadline}. */
  long untilDeadline() {
    return deadline.orElseThrow() - now;
  }

  // What came back.

  private void collect(AdsStream.Output output) {
    inbox.addAll(output.responses());
    deadline = output.deadline();
    if (deadline.isPresent() && deadline.getAsLong() <= now) {
      throw new AssertionError("a deadline that is over: " + deadline + " at " + now);
    }
  }

  /** The responses since the last call. */
  List<AdsResponse> take() {
    List<AdsResponse> taken = List.copyOf(inbox);
    inbox.clear();
    return taken;
  }

  /** The one response since the last call. */
  AdsResponse takeOne() {
    List<AdsResponse> taken = take();
    if (taken.size() != 1) {
      throw new AssertionError("one response expected, got " + taken);
    }
    return taken.getFirst();
  }

  /** Takes the one response and acknowledges it. */
  AdsResponse ackOne(String... sotwNames) {
    AdsResponse response = takeOne();
    ack(response, sotwNames);
    return response;
  }

  /** "CLUSTER a@1 b@2 -c": short for what responses say. */
  static String show(AdsResponse response) {
    StringBuilder text = new StringBuilder(FakeEnvoy.typeOf(response).toString());
    response
        .resources()
        .forEach(r -> text.append(' ').append(r.name()).append('@').append(r.version()));
    response.removed().forEach(name -> text.append(" -").append(name));
    return text.toString();
  }

  List<String> showAll() {
    return take().stream().map(Conversation::show).toList();
  }

  // Events.

  @Override
  public void opened(StreamInfo info) {
    events.add("opened " + info.nodeId() + " " + info.userAgent());
  }

  @Override
  public void closed(StreamInfo info) {
    events.add("closed " + info.nodeId());
  }

  @Override
  public void acknowledged(
      StreamInfo info, ResourceType type, Map<String, String> versions, Set<String> removed) {
    events.add("acknowledged " + type + " " + versions + " -" + removed);
  }

  @Override
  public void rejected(StreamInfo info, Resource resource, String message) {
    events.add("rejected " + resource + ": " + message);
  }

  @Override
  public void requested(StreamInfo info) {
    traffic.add("requested");
  }

  @Override
  public void sent(StreamInfo info, ResourceType type, int resources, long bytes) {
    traffic.add("sent " + type + " " + resources + " of " + bytes + " bytes");
  }

  @Override
  public void refused(StreamInfo info, ResourceType type) {
    traffic.add("refused " + type);
  }
}
