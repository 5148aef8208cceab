package io.isoline.controlplane.envoy;

import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.translator.Settings;

/** Settings with some of them chosen as an operator does it. */
final class Configured {

  private Configured() {}

  /**
   * The settings with what a configuration file sets.
   *
   * @param lines of the file
   */
  static Settings with(Settings settings, String... lines) {
    return switch (ConfigurationFile.read(String.join("\n", lines), "test", settings)) {
      case ConfigurationFile.Loaded loaded -> loaded.settings();
      case ConfigurationFile.Rejected rejected ->
          throw new IllegalArgumentException(rejected.problems().toString());
    };
  }
}
