package io.isoline.controlplane.admin;

import io.isoline.controlplane.engine.Delivery;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.engine.Rejection;
import io.isoline.controlplane.engine.Translation;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what the engine and the streams do. The engine's thread writes the figures; any
 * thread may read them.
 */
final class EngineMetrics implements EngineListener {

  /**
   * Bounds of the histograms: from the time of one change in a quiet system to times that mean that
   * something is wrong.
   */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1)
  };

  private final MeterRegistry registry;
  private final VerdictCounts verdicts;
  private final IngressCounts ingresses;
  private final Timer waits;
  private final Timer translations;
  private final Timer deliveries;
  private final Counter failures;
  private final Counter opened;
  private final AtomicInteger deltaStreams = new AtomicInteger();
  private final AtomicInteger sotwStreams = new AtomicInteger();
  private final Map<String, Counter> changes = new HashMap<>();
  private final Map<ResourceType, TypeCounters> types = new EnumMap<>(ResourceType.class);

  private volatile Map<ResourceType, ResourceStore.Total> stored = Map.of();
  private volatile @Nullable Instant recheckAt;

  /** The counters of one resource type. */
  private record TypeCounters(
      Counter responses,
      Counter resources,
      Counter bytes,
      Counter acknowledged,
      Counter refused,
      Counter rejected) {}

  EngineMetrics(MeterRegistry registry) {
    this.registry = registry;
    verdicts = new VerdictCounts(registry);
    ingresses = new IngressCounts(registry);
    waits =
        timer(
            "isoline.translation.wait",
            "How long the oldest change of a batch waited for its translation.");
    translations =
        timer("isoline.translation.duration", "How long the translation of a batch took.");
    deliveries =
        timer(
            "isoline.delivery.duration",
            "From the moment at which a change came in until all connected Envoys had answered to"
                + " what came of it.");
    failures =
        Counter.builder("isoline.translation.failures")
            .description(
                "How often the translation failed because of a defect in Isoline; the log has it.")
            .register(registry);
    opened =
        Counter.builder("isoline.xds.streams.opened")
            .description("Streams that Envoys have opened.")
            .register(registry);
    streams("delta", deltaStreams);
    streams("sotw", sotwStreams);
    Gauge.builder("isoline.next.certificate.change.timestamp", this, EngineMetrics::nextRecheck)
        .description(
            "When the next TLS certificate of an Ingress expires or becomes valid, in seconds since"
                + " 1970; NaN when there is none.")
        .baseUnit("seconds")
        .register(registry);
    for (ResourceType type : ResourceType.values()) {
      types.put(type, counters(type));
      stored(
          "isoline.xds.resources",
          "Resources that are served.",
          null,
          type,
          ResourceStore.Total::resources);
      stored(
          "isoline.xds.resource",
          "Size of the resources that are served.",
          "bytes",
          type,
          ResourceStore.Total::bytes);
    }
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private void streams(String variant, AtomicInteger count) {
    Gauge.builder("isoline.xds.streams", count, AtomicInteger::get)
        .description("Envoys that are connected; each has one stream.")
        .tag("variant", variant)
        .register(registry);
  }

  private void stored(
      String name,
      String description,
      @Nullable String unit,
      ResourceType type,
      ToDoubleFunction<ResourceStore.Total> figure) {
    ResourceStore.Total none = new ResourceStore.Total(0, 0);
    Gauge.builder(name, this, it -> figure.applyAsDouble(it.stored.getOrDefault(type, none)))
        .description(description)
        .baseUnit(unit)
        .tag("type", Labels.type(type))
        .register(registry);
  }

  private TypeCounters counters(ResourceType type) {
    return new TypeCounters(
        counter("isoline.xds.responses", "Responses sent to Envoys.", null, type),
        counter(
            "isoline.xds.sent.resources", "Resources in the responses sent to Envoys.", null, type),
        counter(
            "isoline.xds.sent",
            "Size of the resources in the responses sent to Envoys.",
            "bytes",
            type),
        counter("isoline.xds.acks", "Responses that an Envoy acknowledged.", null, type),
        counter("isoline.xds.nacks", "Responses that an Envoy refused.", null, type),
        counter(
            "isoline.xds.rejected.resources",
            "Versions of resources that an Envoy refused; it goes on with the last one that it"
                + " took.",
            null,
            type));
  }

  private Counter counter(
      String name, String description, @Nullable String unit, ResourceType type) {
    return Counter.builder(name)
        .description(description)
        .baseUnit(unit)
        .tag("type", Labels.type(type))
        .register(registry);
  }

  private Counter changes(String kind) {
    return changes.computeIfAbsent(
        kind,
        any ->
            Counter.builder("isoline.translated.changes")
                .description("Changes that were translated, by the kind of the object.")
                .tag("kind", kind)
                .register(registry));
  }

  private double nextRecheck() {
    Instant next = recheckAt;
    return next == null ? Double.NaN : next.toEpochMilli() / 1000.0;
  }

  @SuppressWarnings("NullAway") // the constructor fills the map with every type
  private TypeCounters of(ResourceType type) {
    return types.get(type);
  }

  // What the engine tells.

  @Override
  public void updated(List<Change> changes, Update update) {
    recheckAt = update.recheckAt();
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert upsert -> changes(Labels.kind(upsert.object().ref().kind())).increment();
        case Change.Delete delete -> changes(Labels.kind(delete.object().kind())).increment();
        case Change.Unreadable unreadable ->
            changes(Labels.kind(unreadable.object().kind())).increment();
        case Change.Configure _ -> changes("Settings").increment();
      }
    }
  }

  @Override
  public void translated(Translation translation) {
    stored = translation.stored();
    waits.record(translation.waited());
    translations.record(translation.took());
  }

  @Override
  public void failed(List<Change> changes, RuntimeException defect) {
    failures.increment();
  }

  @Override
  public void judged(Map<ObjectRef, List<Verdict>> judged) {
    judged.forEach(verdicts::enter);
    judged.forEach(ingresses::enter);
  }

  @Override
  public void programmed(Collection<ProgrammedIngress> programmed) {
    programmed.forEach(ingresses::enter);
  }

  @Override
  public void delivered(Delivery delivery) {
    if (delivery.envoys() > 0 && delivery.resources() > 0) {
      deliveries.record(delivery.took());
    }
  }

  // What happens on the streams.

  @Override
  public void connected(StreamInfo envoy) {
    opened.increment();
    (envoy.delta() ? deltaStreams : sotwStreams).incrementAndGet();
  }

  @Override
  public void disconnected(StreamInfo envoy) {
    (envoy.delta() ? deltaStreams : sotwStreams).decrementAndGet();
  }

  @Override
  public void sent(StreamInfo envoy, ResourceType type, int resources, long bytes) {
    of(type).responses().increment();
    of(type).resources().increment(resources);
    of(type).bytes().increment((double) bytes);
  }

  @Override
  public void acknowledged(StreamInfo envoy, ResourceType type) {
    of(type).acknowledged().increment();
  }

  @Override
  public void refused(StreamInfo envoy, ResourceType type) {
    of(type).refused().increment();
  }

  @Override
  public void rejected(Rejection rejection) {
    of(rejection.resource().type()).rejected().increment();
  }
}
