package io.isoline.bench.compare;

import static java.util.stream.Collectors.groupingBy;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Samples by what they are of. What was not measured is NaN. */
final class Figures {

  private record Key(String subject, Mode mode, int hosts, Step step, Figure figure) {}

  private final Map<Key, List<Sample>> byKey;
  private final List<Sample> samples;

  Figures(List<Sample> samples) {
    this.samples = samples;
    byKey =
        samples.stream()
            .collect(
                groupingBy(
                    each ->
                        new Key(
                            each.subject(),
                            each.mode(),
                            each.hosts(),
                            each.step(),
                            each.figure())));
  }

  NavigableSet<Integer> sizes(Mode mode) {
    return distinct(mode, Sample::hosts);
  }

  NavigableSet<Mode> modes() {
    NavigableSet<Mode> modes = new TreeSet<>();
    samples.forEach(each -> modes.add(each.mode()));
    return modes;
  }

  NavigableSet<String> subjects(Mode mode) {
    return distinct(mode, Sample::subject);
  }

  private <T extends Comparable<T>> NavigableSet<T> distinct(Mode mode, Function<Sample, T> what) {
    NavigableSet<T> all = new TreeSet<>();
    samples.stream().filter(each -> each.mode() == mode).map(what).forEach(all::add);
    return all;
  }

  double median(String subject, Mode mode, int hosts, Step step, Figure figure) {
    return Statistics.median(values(subject, mode, hosts, step, figure));
  }

  double p99(String subject, Mode mode, int hosts, Step step, Figure figure) {
    return Statistics.quantile(values(subject, mode, hosts, step, figure), 0.99);
  }

  private double[] values(String subject, Mode mode, int hosts, Step step, Figure figure) {
    return of(subject, mode, hosts, step, figure).stream()
        .mapToDouble(Sample::value)
        .sorted()
        .toArray();
  }

  /** How many of the values are the limit of the time. */
  long timeouts(String subject, Mode mode, int hosts, Step step) {
    return of(subject, mode, hosts, step, Figure.MILLIS).stream().filter(Sample::timedOut).count();
  }

  private List<Sample> of(String subject, Mode mode, int hosts, Step step, Figure figure) {
    return byKey.getOrDefault(new Key(subject, mode, hosts, step, figure), List.of());
  }

  /** Whether nothing timed out and no request failed. */
  boolean isComplete() {
    return samples.stream()
        .noneMatch(
            each ->
                each.timedOut() || (each.figure() == Figure.FAILED_REQUESTS && each.value() > 0));
  }
}
