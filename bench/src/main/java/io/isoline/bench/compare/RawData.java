package io.isoline.bench.compare;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The samples of a run in a directory, one JSON line each, and a file that says what ran where. */
final class RawData implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SAMPLES = "samples.jsonl";
  private static final String RUN = "run.json";

  private final BufferedWriter samples;

  RawData(Path directory, Map<String, String> run) throws IOException {
    Files.createDirectories(directory);
    JSON.writerWithDefaultPrettyPrinter().writeValue(directory.resolve(RUN).toFile(), run);
    samples = Files.newBufferedWriter(directory.resolve(SAMPLES));
  }

  void write(Sample sample) throws IOException {
    samples.write(JSON.writeValueAsString(sample));
    samples.newLine();
    // What was measured is kept when something fails later.
    samples.flush();
  }

  @Override
  public void close() throws IOException {
    samples.close();
  }

  static List<Sample> samples(Path directory) throws IOException {
    List<Sample> all = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve(SAMPLES))) {
      all.add(JSON.readValue(line, Sample.class));
    }
    return all;
  }

  /** What ran where, in words. */
  static Map<String, String> run(Path directory) throws IOException {
    return JSON.readValue(directory.resolve(RUN).toFile(), new TypeReference<>() {});
  }
}
