package io.isoline.controlplane.admin;

import io.isoline.controlplane.engine.EngineListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * All figures of a control plane, for Prometheus. Each part of the program is observed by a
 * listener that this class hands out; {@code docs/metrics.md} has what they come to.
 *
 * <p>No label has the name of an object, a host or an Envoy: how many time series there are does
 * not grow with the cluster.
 *
 * <p>May be used by any thread; each listener by the thread of its part only.
 */
public final class Metrics implements AutoCloseable {

  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_1 = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final EngineMetrics engine = new EngineMetrics(registry);

  /**
   * All figures, at zero.
   *
   * @param version of Isoline
   */
  public Metrics(String version, Readiness readiness) {
    registry.throwExceptionOnRegistrationFailure();
    Gauge.builder("isoline.build.info", () -> 1)
        .description("Always 1; its labels say what is running.")
        .tag("version", version)
        .tag("java", System.getProperty("java.version", ""))
        .register(registry);
    Gauge.builder("isoline.ready", readiness, it -> it.isReady() ? 1 : 0)
        .description("1 when /readyz says 200, else 0.")
        .register(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Observes an engine; one only. */
  public EngineListener engine() {
    return engine;
  }

  /**
   * The figures of a moment.
   *
   * @param contentType which format the body has
   */
  record Scrape(String contentType, String body) {}

  /**
   * Reads all figures.
   *
   * @param accept the header of the request that says which formats are welcome; unless it names
   *     OpenMetrics, the answer is in the text format of Prometheus, which everybody understands
   */
  Scrape scrape(@Nullable String accept) {
    String type = accept != null && accept.contains(OPEN_METRICS) ? OPEN_METRICS_1 : TEXT;
    return new Scrape(type, registry.scrape(type));
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
