package io.isoline.controlplane.cli;

import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.translator.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isoline serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    customSynopsis = "isoline serve [OPTIONS] PATH...",
    description = {
      "Runs the control plane alone, for Envoys that run elsewhere: manifests in, xDS out. Edits of"
          + " the files are served at once.",
      "",
      "'isoline bootstrap' prints what an Envoy needs to join. The log goes to standard error."
    },
    parameterListHeading = "%nManifests:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline serve manifests/",
      "  isoline serve --listen 0.0.0.0:18000 --state-directory /var/lib/isoline manifests/"
    })
final class ServeCommand implements Callable<Integer> {

  static final String LISTEN = "127.0.0.1:18000";

  private final Terminal terminal;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or directories with all .yaml, .yml and .json files below them.")
  private List<Path> paths = List.of();

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = {
        "Where Envoys find it: HOST:PORT or [IPV6]:PORT. Whoever reaches it gets the private keys"
            + " of all certificates. Default: " + LISTEN + "."
      })
  private String listen = LISTEN;

  @Option(
      names = "--state-directory",
      paramLabel = "DIR",
      description =
          "Keep the default certificate here, so that it is the same after the next start.")
  private @Nullable Path stateDirectory;

  @Mixin private final LogOption log = new LogOption();

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions options = new SettingsOptions();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    log.configure(Logging.LogLevel.INFO);
    ManifestOptions.requireExisting(paths);
    options.keepCertificateIn(stateDirectory);
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
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(hook(stop, stopped));
    try (Engine engine = start(settings, edits);
        FileFeed feed =
            new FileFeed(engine, settings, source, null, logger::warn)) {
      feed.start(paths, options.files(), edits::show);
      edits.awaitLoaded();
      logger.info(
          "loaded {}, serving on port {}",
          Words.count(manifests.objects().size(), "object"),
          engine.port());
      if (settings.classes().withoutClass()) {
        logger.info("Ingresses without a class are served");
      }
      edits.findings().forEach(logger::warn);
      stop.await();
      logger.info("stopping");
    } finally {
      stopped.countDown();
    }
    return Main.OK;
  }

  /** On a signal, the process ends when everything is closed. */
  private static Thread hook(CountDownLatch stop, CountDownLatch stopped) {
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

  private Engine start(Settings settings, EditLog edits) throws Failure {
    InetSocketAddress address = address();
    try {
      return Engine.start(
          settings, XdsServer.Options.defaults(address), edits, Clock.systemUTC());
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Failure(
          "--listen: %s cannot be listened on: %s".formatted(listen, cause.getMessage()), e);
    }
  }

  private InetSocketAddress address() throws Failure {
    try {
      if (Address.parse(listen) instanceof Address.Socket(String host, int port)) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
          throw new Failure("--listen: there is no host " + host);
        }
        return address;
      }
      throw new Failure("--listen: expected HOST:PORT or [IPV6]:PORT, not a Unix socket");
    } catch (IllegalArgumentException e) {
      throw new Failure("--listen: " + e.getMessage(), e);
    }
  }
}
