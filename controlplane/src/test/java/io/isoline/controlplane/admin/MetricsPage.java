package io.isoline.controlplane.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of {@code docs/metrics.md}. */
public final class MetricsPage {

  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z]\\w*)` \\| (\\w+) \\| ([^|]*)\\| (.*) \\|");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  private MetricsPage() {}

  /**
   * One metric.
   *
   * @param name as Prometheus has it; of a histogram without the ending of its samples
   * @param labels without {@code le}
   */
  public record Metric(String name, String type, NavigableSet<String> labels, String meaning) {

    /** The row that it has in a table. */
    String row() {
      String list =
          labels.stream().map(label -> "`" + label + "` ").collect(Collectors.joining(", "));
      return "| `%s` | %s | %s| %s |".formatted(name, type, list.replace("` ,", "`,"), meaning);
    }
  }

  /** All rows by the name of the metric. */
  public static SortedMap<String, Metric> read() throws IOException {
    SortedMap<String, Metric> metrics = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Metric metric =
            new Metric(
                row.group(1),
                row.group(2),
                CODE.matcher(row.group(3))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toCollection(TreeSet::new)),
                row.group(4));
        if (metrics.put(metric.name(), metric) != null) {
          throw new AssertionError("two rows for " + metric.name());
        }
      }
    }
    return metrics;
  }
}
