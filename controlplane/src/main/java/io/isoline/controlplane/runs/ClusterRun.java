package io.isoline.controlplane.runs;

import io.isoline.controlplane.admin.Liveness;
import io.isoline.controlplane.admin.Metrics;
import io.isoline.controlplane.admin.Readiness;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.kubernetes.ApiServer;
import io.isoline.controlplane.kubernetes.ClusterFeed;
import io.isoline.controlplane.options.AdminOptions;
import io.isoline.controlplane.options.KubernetesOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.options.StatusOptions;
import io.isoline.controlplane.options.XdsOptions;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.status.StatusReporter;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Version;
import io.isoline.translator.Settings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of {@code isoline serve} with an API server: what it starts, in what order, and that all
 * of it ends in the opposite order.
 *
 * <p>Belongs to one thread, but for what the watcher of the settings calls.
 */
public final class ClusterRun implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("serve");

  private final Map<String, String> environment;
  private final XdsOptions xds;
  private final AdminOptions admin;
  private final SettingsOptions options;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  public ClusterRun(
      Map<String, String> environment,
      XdsOptions xds,
      AdminOptions admin,
      SettingsOptions options) {
    this.environment = environment;
    this.xds = xds;
    this.admin = admin;
    this.options = options;
  }

  /** Returns when everything runs; reading the objects and the election go on by themselves. */
  public void start(KubernetesOptions kubernetes, StatusOptions status) throws Failure {
    InetSocketAddress listen = xds.address();
    Settings settings = options.read().settings();
    ApiServer server = keep(kubernetes.apiServer(environment));
    PeerTls tls = keepIfAny(xds.openTls());
    Readiness readiness = new Readiness();
    Metrics metrics = keep(new Metrics(Version.current().isoline(), readiness));
    if (tls != null) {
      metrics.observe(tls);
    }
    ClusterFeed feed = new ClusterFeed(server, kubernetes.scope(), metrics.feed());
    readiness.require("objects", () -> feed.isSynced() ? List.of() : unread(feed));
    StatusReporter reporter =
        StatusReporter.create(
            status.read(
                new StatusOptions.Surroundings(
                    environment,
                    server.ownNamespace(),
                    address(server.address()),
                    listen.getAddress()),
                settings.ingress().classes().controller(),
                tls),
            server.client(),
            feed,
            metrics.status());
    Engine engine =
        keep(
            xds.start(
                settings,
                tls,
                reporter.services(),
                EngineListener.all(
                    List.of(metrics.engine(), readiness.requireEngine(), reporter))));
    keepIfAny(admin.start(true, new Liveness(engine::envoys), readiness, metrics));
    keep(feed);
    LOG.info("reading from {}, serving Envoys on port {}", server, engine.port());
    feed.start(
        settings,
        engine::submit,
        () -> {
          engine.loaded();
          LOG.info("all objects are read: Envoys get their configuration from now on");
        });
    keep(reporter);
    reporter.start(engine.port());
    keep(SettingsFiles.watch(options.files(), () -> reconfigure(feed)));
  }

  private static List<String> unread(ClusterFeed feed) {
    List<String> problems = feed.problems();
    return problems.isEmpty() ? List.of("not all of them have been read yet") : problems;
  }

  private void reconfigure(ClusterFeed feed) {
    try {
      feed.configure(options.read().settings());
      LOG.info("the settings were read again");
    } catch (Failure e) {
      LOG.warn("the settings stay as they were: {}", e.getMessage());
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  private <T extends AutoCloseable> @Nullable T keepIfAny(@Nullable T part) {
    if (part != null) {
      started.push(part);
    }
    return part;
  }

  private static InetSocketAddress address(String url) {
    URI uri = URI.create(url);
    int usual = "http".equals(uri.getScheme()) ? 80 : 443;
    return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort());
  }

  /** Gives the lead away first, then stops to read, and ends the streams of the Envoys last. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        LOG.warn("something did not close well: {}", e.toString());
      }
    }
  }
}
