package io.isoline.controlplane.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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

  /** A metric as {@code # HELP} and {@code # TYPE} have it, and the names of its labels. */
  record Family(String name, String type, String help, NavigableSet<String> labels) {}

  private final SortedMap<String, Family> families = new TreeMap<>();
  private final Map<String, Double> samples = new TreeMap<>();

  Exposition(String text) {
    Map<String, String> help = new TreeMap<>();
    List<Matcher> read = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        help.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE ")) {
        families.put(
            words[2],
            new Family(words[2], words[3], help.getOrDefault(words[2], ""), new TreeSet<>()));
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
      Family family = family(sample.group(1));
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

  private Family family(String sample) {
    Family own = families.get(sample);
    if (own != null) {
      return own;
    }
    @Nullable Family histogram = families.get(sample.replaceFirst("_(bucket|count|sum)$", ""));
    if (histogram == null) {
      throw new AssertionError("a sample without a type: " + sample);
    }
    return histogram;
  }

  /** All metrics by name. */
  SortedMap<String, Family> families() {
    return families;
  }

  /** The value of a sample, written as on the page; NaN when there is none. */
  double value(String sample) {
    return samples.getOrDefault(sample, Double.NaN);
  }
}
