package io.isoline.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private final List<Sample> samples = new ArrayList<>();

  private void add(String subject, int hosts, Step step, Figure figure, double... values) {
    for (double value : values) {
      samples.add(new Sample(subject, Mode.HTTP, hosts, 0, step, figure, value, false));
    }
  }

  private String page() {
    return new Report(samples, List.of(Map.of("command", "bench/compare"))).page();
  }

  private static void assertLine(String page, String line) {
    assertTrue(page.lines().anyMatch(line::equals), () -> line + " is not in\n" + page);
  }

  @Test
  void page_changes_medianP99AndRatio() {
    add("isoline", 100, Step.NEW_INGRESS, Figure.MILLIS, 3, 1, 2, 9);
    add("contour", 100, Step.NEW_INGRESS, Figure.MILLIS, 50, 10, 30);

    assertLine(page(), "| new Ingress | 100 | 2.50 | 9 | 30 | 50 | 12 |");
  }

  @Test
  void page_twoSizes_growth() {
    add("isoline", 100, Step.NEW_INGRESS, Figure.MILLIS, 2);
    add("isoline", 1_000, Step.NEW_INGRESS, Figure.MILLIS, 3);
    add("contour", 1_000, Step.NEW_INGRESS, Figure.MILLIS, 30);

    assertLine(page(), "The p50 at 1,000 hosts / at 100:");
    assertLine(page(), "| new Ingress | 1.50 | – |");
  }

  @Test
  void page_timeout_isSaid() {
    add("isoline", 100, Step.NEW_INGRESS, Figure.MILLIS, 2);
    samples.add(
        new Sample(
            "contour", Mode.HTTP, 100, 0, Step.NEW_INGRESS, Figure.MILLIS, 60_000, true));

    assertLine(
        page(), "| new Ingress | 100 | 2 | 2 | ≥ 60,000 (1 timed out) | 60,000 | 30,000 |");
    assertFalse(new Report(samples, List.of()).isComplete());
  }

  @Test
  void page_targets_metMissedOrNotMeasured() {
    add("isoline", 100, Step.NEW_INGRESS, Figure.MILLIS, 10);
    add("isoline", 3_000, Step.NEW_INGRESS, Figure.MILLIS, 12);
    add("isoline", 10_000, Step.NEW_INGRESS, Figure.MILLIS, 21);
    add("contour", 3_000, Step.NEW_INGRESS, Figure.MILLIS, 240);

    String page = page();

    assertLine(
        page,
        "| new HTTP Ingress live, Isoline at 10,000 hosts / at 100 | ≤ 2 | 2.10 | **missed** |");
    assertLine(
        page, "| new HTTP Ingress live at 3,000, Contour / Isoline | ≥ 20 | 20 | met |");
    assertLine(
        page, "| HTTP backend switched, Isoline at 10,000 / at 100 | ≤ 2 | – | not measured |");
  }

  @Test
  void page_severalSizes_throughputAtTheMostHostsOfBoth() {
    for (String subject : List.of("isoline", "contour")) {
      add(subject, 100, Step.LOAD_ALL_HOSTS, Figure.P99_MILLIS, 5);
      add(subject, 1_000, Step.LOAD_ALL_HOSTS, Figure.P99_MILLIS, 5);
    }
    add("isoline", 10_000, Step.LOAD_ALL_HOSTS, Figure.P99_MILLIS, 5);

    assertLine(
        page(),
        "| p99 of requests at 1,000 hosts, Contour / Isoline, 5 % of noise allowed"
            + " | ≥ 0.95 | 1 | met |");
  }

  @Test
  void of_rawData_readsWhatWasWritten(@TempDir Path directory) throws Exception {
    try (RawData raw = new RawData(directory, Map.of("command", "bench/compare --hosts 100"))) {
      raw.write(
          new Sample("isoline", Mode.TLS, 100, 0, Step.STORM, Figure.MILLIS, 7.25, false));
    }

    Report report = Report.of(List.of(directory, directory));
    report.write(directory);

    assertTrue(report.isComplete());
    String page = Files.readString(directory.resolve("performance.md"));
    assertLine(page, "| storm: last change live | 100 | 7.25 | 7.25 | – | – | – |");
    assertLine(page, "| command | `bench/compare --hosts 100` |");
  }

  @Test
  void quantile_fewValues_largest() {
    assertEquals(3, Statistics.quantile(new double[] {1, 2, 3}, 0.99));
    assertEquals(1, Statistics.quantile(new double[] {1, 2, 3}, 0.01));
    assertTrue(Double.isNaN(Statistics.median(new double[0])));
  }
}
