package io.isoline.controlplane.admin;

import io.isoline.controlplane.kubernetes.FeedListener;
import io.isoline.translator.kube.KnownKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read from the API server. For any thread. */
final class FeedMetrics implements FeedListener {

  private final MeterRegistry registry;
  private final Map<KnownKind, AtomicLong> listed = new ConcurrentHashMap<>();

  FeedMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void listed(KnownKind kind, int objects) {
    counter("isoline.api.lists", "Complete lists read from the API server.", kind).increment();
    listed.computeIfAbsent(kind, this::size).set(objects);
  }

  private AtomicLong size(KnownKind kind) {
    AtomicLong objects = new AtomicLong();
    Gauge.builder("isoline.api.listed.objects", objects, AtomicLong::get)
        .description("Objects in the last complete list.")
        .tag("kind", Labels.kind(kind))
        .register(registry);
    return objects;
  }

  @Override
  public void event(KnownKind kind) {
    counter("isoline.api.events", "Changes that the API server told of.", kind).increment();
  }

  @Override
  public void watchRestarted(KnownKind kind) {
    counter(
            "isoline.api.watch.restarts",
            "Watches that ended, as all do after minutes, and were started again.",
            kind)
        .increment();
  }

  private Counter counter(String name, String description, KnownKind kind) {
    return Counter.builder(name)
        .description(description)
        .tag("kind", Labels.kind(kind))
        .register(registry);
  }

  @Override
  public void failed(KnownKind kind, String verb, int status) {
    Counter.builder("isoline.api.errors")
        .description(
            "Requests to the API server that failed and are tried again; the status is 0 when there"
                + " was no answer.")
        .tag("kind", Labels.kind(kind))
        .tag("verb", verb)
        .tag("status", Integer.toString(status))
        .register(registry)
        .increment();
  }
}
