package io.isoline.controlplane.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the chart. */
final class Chart {

  /** Of the project. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static final Path DIRECTORY = ROOT.resolve("charts/isoline");

  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Chart() {}

  /** The names of the value sets for tests. */
  static List<String> valueSets() {
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
      return files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path values(String valueSet) {
    return DIRECTORY.resolve("ci").resolve(valueSet + ".yaml");
  }

  static JsonNode yaml(Path file) {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether files of expectations are to be written anew. */
  static boolean update() {
    return Boolean.getBoolean("golden.update");
  }
}
