package io.isoline.controlplane.cli;

import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.runs.LocalRun;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.envoy.EnvoyException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isoline up}. */
@Command(
    name = "up",
    sortOptions = false,
    customSynopsis = "isoline up [OPTIONS] PATH...",
    description = {
      "Runs manifests on this machine: a control plane, an Envoy, and sample backends for the"
          + " Services. Edits of the files are live at once. Ctrl-C stops everything.",
      "",
      "A Service without EndpointSlices gets as many backends as its Deployment has replicas, else"
          + " two. They answer with what they got, as JSON, and /healthz with 200."
    },
    parameterListHeading = "%nManifests:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline up examples/kuar",
      "  isoline up --http-port 0 --https-port 0 examples/kuar     any free ports",
      "  isoline up --no-backends --config isoline.yaml manifests/"
    })
final class UpCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or directories with all .yaml, .yml and .json files below them.")
  private List<Path> paths = List.of();

  @Option(
      names = "--address",
      paramLabel = "IP",
      description = "Where Envoy listens. Default: 127.0.0.1, for this machine only.")
  private @Nullable String address;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "Default: 8080; 0 takes any free one.")
  private @Nullable Integer httpPort;

  @Option(
      names = "--https-port",
      paramLabel = "PORT",
      description = "Default: 8443; 0 takes any free one.")
  private @Nullable Integer httpsPort;

  @Option(names = "--no-backends", description = "Start no sample backends.")
  private boolean noBackends;

  @Option(
      names = "--envoy",
      paramLabel = "PATH",
      description =
          "The Envoy to run. Default: $ISOLINE_ENVOY, else envoy on the PATH, else a downloaded"
              + " one.")
  private @Nullable Path envoy;

  @Mixin private final LogOption log = new LogOption();

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions settings = new SettingsOptions();

  UpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure, EnvoyException, InterruptedException {
    log.configure(Logging.LogLevel.ERROR);
    ManifestOptions.requireExisting(paths);
    try (LocalRun run =
        new LocalRun(
            terminal,
            settings,
            new LocalRun.Options(
                List.copyOf(paths), address, httpPort, httpsPort, !noBackends, envoy))) {
      Runtime.getRuntime().addShutdownHook(new Thread(run::interrupt, "stop"));
      run.run();
      return Main.OK;
    }
  }
}
