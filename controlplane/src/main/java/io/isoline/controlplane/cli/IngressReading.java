package io.isoline.controlplane.cli;

import io.isoline.controlplane.kubernetes.ApiServer;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.migrate.ClusterSnapshot;
import io.isoline.controlplane.migrate.JudgedIngresses;
import io.isoline.controlplane.options.IngressSourceOptions;
import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.ReadingProgress;
import io.isoline.controlplane.terminal.Terminal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Reads the Ingresses of ingress-nginx from where the options say. */
final class IngressReading {

  private IngressReading() {}

  /**
   * Reads and judges the Ingresses.
   *
   * @param strict whether what an Ingress of files refers to has to be in the files
   */
  static JudgedIngresses read(IngressSourceOptions source, boolean strict, Terminal terminal)
      throws Failure, InterruptedException {
    Logging.configure(Logging.LogLevel.ERROR);
    SettingsOptions.Chosen settings = source.settings();
    if (source.areFiles()) {
      List<Path> paths = source.files().paths();
      ManifestOptions.requireExisting(paths);
      try (ReadingProgress progress = new ReadingProgress(terminal)) {
        Manifests manifests = new ManifestReader(progress).read(paths);
        return JudgedIngresses.of(manifests, settings, strict, Clock.systemUTC());
      }
    }
    try (ApiServer server = source.kubernetes().apiServer(terminal.environment())) {
      return JudgedIngresses.of(
          server.toString(),
          ClusterSnapshot.read(server, source.kubernetes().scope(), settings.settings()),
          settings.settings(),
          Clock.systemUTC());
    }
  }
}
