package io.isoline.controlplane.admin;

import io.isoline.controlplane.admin.MetricsPage.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a page of metrics in the text format says. */
final class Exposition {

  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final SortedMap<String, Metric> metrics = new TreeMap<>();
  private final Map<String, Double> samples = new TreeMap<>();

  Exposition(String text) {
    Map<String, String> help = new TreeMap<>();
    List<Matcher> read = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        help.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE ")) {
        metrics.put(
            words[2],
            new Metric(words[2], words[3], new TreeSet<>(), help.getOrDefault(words[2], "")));
      } else {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
          throw new AssertionError("not a sample: " + line);
        }
        read.add(sample);
      }
    }
    for (Matcher sample : read) {
      String labels = sample.group(2) == null ? "" : sample.group(2);
      Metric family = family(sample.group(1));
      LABEL
          .matcher(labels)
          .results()
          .map(label -> label.group(1))
          .filter(label -> !label.equals("le"))
          .forEach(family.labels()::add);
      samples.put(
          sample.group(1) + (labels.isEmpty() ? "" : "{" + labels + "}"),
          Double.valueOf(sample.group(3)));
    }
  }

  private Metric family(String sample) {
    Metric own = metrics.get(sample);
    if (own != null) {
      return own;
    }
    @Nullable Metric histogram = metrics.get(sample.replaceFirst("_(bucket|count|sum)$", ""));
    if (histogram == null) {
      throw new AssertionError("a sample without a type: " + sample);
    }
    return histogram;
  }

  /** All metrics by name. */
  SortedMap<String, Metric> metrics() {
    return metrics;
  }

  /** The value of a sample, written as on the page; NaN when there is none. */
  double value(String sample) {
    return samples.getOrDefault(sample, Double.NaN);
  }
}
