package io.isoline.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stub. */
final class Report {
  private final List<Sample> samples;

  private Report(List<Sample> samples) {
    this.samples = samples;
  }

  static Report of(List<Path> directories) throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (Path directory : directories) {
      samples.addAll(RawData.samples(directory));
    }
    return new Report(samples);
  }

  String summary() {
    return samples.size() + " samples\n";
  }

  boolean isComplete() {
    return samples.stream().noneMatch(Sample::timedOut);
  }

  void write(Path directory) throws IOException {}
}
