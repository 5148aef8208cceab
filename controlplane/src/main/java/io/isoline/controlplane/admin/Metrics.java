package io.isoline.controlplane.admin;

import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.kubernetes.FeedListener;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.status.StatusListener;
import io.micrometer.core.instrument.FunctionCounter;
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
  private final SharedText text = new SharedText(() -> scrapeAs(TEXT));
  private final SharedText openMetrics = new SharedText(() -> scrapeAs(OPEN_METRICS_1));
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final EngineMetrics engine = new EngineMetrics(registry);
  private final FeedMetrics feed = new FeedMetrics(registry);
  private final StatusMetrics status = new StatusMetrics(registry);

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

  /** Observes what is read from the API server. */
  public FeedListener feed() {
    return feed;
  }

  /** Observes what is written to the API server. */
  public StatusListener status() {
    return status;
  }

  /** Observes the TLS of the xDS port; one only. */
  public void observe(PeerTls tls) {
    Gauge.builder(
            "isoline.xds.certificate.expiry.timestamp",
            tls,
            it -> it.notAfter().toEpochMilli() / 1000.0)
        .description(
            "When the control plane's certificate for xDS expires, in seconds since 1970; only with"
                + " TLS.")
        .baseUnit("seconds")
        .register(registry);
    FunctionCounter.builder("isoline.xds.tls.refusals", tls, it -> (double) it.refused())
        .description("Clients that the xDS port refused by their certificate; the log says why.")
        .register(registry);
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
   * @throws InterruptedException when nobody waits for it any more
   */
  Scrape scrape(@Nullable String accept) throws InterruptedException {
    return accept != null && accept.contains(OPEN_METRICS)
        ? new Scrape(OPEN_METRICS_1, openMetrics.get())
        : new Scrape(TEXT, text.get());
  }

  private String scrapeAs(String type) {
    return registry.scrape(type);
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
