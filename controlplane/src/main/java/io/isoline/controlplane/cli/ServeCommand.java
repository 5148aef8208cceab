package io.isoline.controlplane.cli;

import io.isoline.controlplane.admin.AdminServer;
import io.isoline.controlplane.admin.Liveness;
import io.isoline.controlplane.admin.Metrics;
import io.isoline.controlplane.admin.Readiness;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.offline.OfflineTranslation;
import io.isoline.controlplane.options.AdminOptions;
import io.isoline.controlplane.options.KubernetesOptions;
import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.options.StatusOptions;
import io.isoline.controlplane.options.XdsOptions;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.runs.ClusterRun;
import io.isoline.controlplane.runs.EditLog;
import io.isoline.controlplane.runs.FileFeed;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Version;
import io.isoline.controlplane.terminal.Words;
import io.isoline.translator.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoline serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    customSynopsis = {"isoline serve [OPTIONS]", "       isoline serve [OPTIONS] PATH..."},
    description = {
      "Runs the control plane: Ingresses in, xDS for Envoys out. They come from the API server, or"
          + " from files where a PATH is given; changes are served at once.",
      "",
      "'isoline bootstrap' prints what an Envoy needs to join. The log goes to standard error."
    },
    parameterListHeading = "%nManifests, instead of an API server:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline serve --publish-status-address 192.0.2.10      with ~/.kube/config, or in a pod",
      "  isoline serve --server https://192.0.2.1:6443 --watch-namespace shop",
      "  isoline serve --state-directory /var/lib/isoline manifests/"
    })
final class ServeCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files, or directories with all .yaml, .yml and .json files below them.")
  private List<Path> paths = List.of();

  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(
      names = "--state-directory",
      paramLabel = "DIR",
      description =
          "Keep the default certificate here, so that it is the same after the next start.")
  private @Nullable Path stateDirectory;

  @Mixin private final LogOption log = new LogOption();

  @ArgGroup(validate = false, heading = "%nThe API server:%n")
  private final KubernetesOptions kubernetes = new KubernetesOptions();

  @ArgGroup(validate = false, heading = "%nWhat is written to the API server:%n")
  private final StatusOptions status = new StatusOptions();

  @ArgGroup(validate = false, heading = "%nThe port for Envoys:%n")
  private final XdsOptions xds = new XdsOptions();

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions options = new SettingsOptions();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // spec is set by picocli
  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    log.configure(Logging.LogLevel.INFO);
    options.keepCertificateIn(stateDirectory);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(hook(stop, stopped));
    try {
      if (paths.isEmpty()) {
        serveCluster(stop);
      } else {
        serveFiles(stop);
      }
    } finally {
      stopped.countDown();
    }
    return Main.OK;
  }

  private void serveCluster(CountDownLatch stop) throws Failure, InterruptedException {
    try (ClusterRun run = new ClusterRun(terminal.environment(), xds, admin, options)) {
      run.start(kubernetes, status);
      stop.await();
      LoggerFactory.getLogger("serve").info("stopping");
    }
  }

  private void serveFiles(CountDownLatch stop) throws Failure, InterruptedException {
    ManifestOptions.requireExisting(paths);
    refuseOptionsOfTheApiServer();
    Logger logger = LoggerFactory.getLogger("serve");
    Manifests manifests = new ManifestReader().read(paths);
    FileFeed.SettingsSource source =
        latest -> OfflineTranslation.settingsFor(latest, options.read());
    Settings settings = source.settings(manifests);
    EditLog edits =
        new EditLog(
            new Terminal(terminal.out(), terminal.err(), false, terminal.environment()),
            manifests,
            lines -> lines.forEach(logger::info));
    Readiness readiness = new Readiness();
    try (Metrics metrics = new Metrics(Version.current().isoline(), readiness);
        PeerTls tls = xds.openTls();
        Engine engine =
            xds.start(
                settings,
                tls,
                List.of(),
                EngineListener.all(List.of(metrics.engine(), readiness.requireEngine(), edits)));
        AdminServer _ = admin.start(false, new Liveness(engine::envoys), readiness, metrics);
        FileFeed feed = new FileFeed(engine, settings, source, null, logger::warn)) {
      feed.start(paths, options.files(), edits::show);
      edits.awaitLoaded();
      logger.info(
          "loaded {}, serving on port {}",
          Words.count(manifests.objects().size(), "object"),
          engine.port());
      if (settings.ingress().classes().withoutClass()) {
        logger.info("Ingresses without a class are served");
      }
      edits.findings().forEach(logger::warn);
      stop.await();
      logger.info("stopping");
    }
  }

  /** Refuses options of the API server beside files, where they would have no effect. */
  private void refuseOptionsOfTheApiServer() throws Failure {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      Object owner = option.userObject() instanceof java.lang.reflect.Field field
          ? field.getDeclaringClass()
          : null;
      if (owner == KubernetesOptions.class || owner == StatusOptions.class) {
        throw new Failure(
            option.longestName()
                + " is for objects from an API server, but "
                + paths.getFirst()
                + " is given; leave one of them out");
      }
    }
  }

  /** Makes a shutdown hook that holds the end of the process until everything is closed. */
  static Thread hook(CountDownLatch stop, CountDownLatch stopped) {
    return new Thread(
        () -> {
          stop.countDown();
          try {
            stopped.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "stop");
  }
}
