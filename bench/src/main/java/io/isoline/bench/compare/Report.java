package io.isoline.bench.compare;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The page about performance, made of raw data. */
final class Report {

  private static final String ISOLINE = "isoline";
  private static final String CONTOUR = "contour";
  private static final String NONE = "–";

  private static final String METHOD =
      """
      ## How it is measured

      - One API server with etcd, the real ones, serves both. Each control plane has an Envoy of
        its own, the same program with two worker threads. All of it, the client included, is on
        one machine and in one network namespace.
      - Only one of the two runs at a time, in turns: the one that is first in a pass is second in
        the next. Control plane and Envoy are started anew for each pass.
      - Each reads a namespace of its own. What is in there is the same for both but for the
        ingress class: for each host an Ingress with one path, a Service and an EndpointSlice,
        and, with own certificates, a Secret (ECDSA on P-256). Two pods answer for all of them.
      - Both are as they come, except that none elects a leader or writes addresses to the status
        of Ingresses, xDS is without TLS, and neither Envoy writes an access log, which Contour's
        would by default. Isoline's JVM has the memory of its chart: 1 GiB, of which the heap may
        take 70 percent.
      - After the first start comes a storm that does not count, as a Java program is slow at
        first, and a rest. In that time Isoline writes the events of all Ingresses, 25 in a second.
        Before each kind of change come three that do not count. The event of a change does.
      - The time of a change begins before it is written to the API server and ends when Envoy has
        answered by it. A client asks again and again, on a new connection each time. It pauses in
        between for 1 ms, or for 2 % of the time waited so far, at most 20 ms. Answers differ by
        the pod, the status, or the serial number of the certificate.
      - A change is made when the one before has left nothing to do: no process takes CPU time,
        and 0.6 s are over, as Contour delays changes that come within 0.5 s of the last.
      - CPU times and xDS bytes of a change are means over all changes of a kind in a pass, the
        work that goes on after Envoy has answered included. CPU times are read in steps of 10 ms,
        so that with R changes in a pass they are exact to 10 ms / R. xDS bytes are those that
        Envoy counts on its connections to the control plane, HTTP/2 included.
      - After a start ten hosts are asked, evenly chosen, the first and the last among them; the
        time ends when the last of them has answered with 200. A control plane serves when it says
        that it is ready (Isoline), or when its xDS port is open (Contour, which opens it when
        all objects are translated).
      - The storm is 500 changes of backends in 10 s, spread over up to 500 hosts: neighbours
        lead to the Services of each other, or back again. Its time begins with the last write.
        First the last host is asked, then all others, one after the other.
      - Requests are sent by the benchmark itself: eight connections, HTTP/1.1 with keep-alive, no
        TLS, each the next request when the last is answered, for 5 s, the hosts in turn. Before,
        each connection asks for each host once. The client, Envoy and the pods share the
        processors, so that the numbers compare the two, and say nothing of what Envoy can do.
      - What takes longer than the limit, 1 min for a change and 10 min for a start, is marked ≥
        and counts with the limit.
      - With few values the p99 is the largest of them.
      - A machine that does other things at the same time makes all of these times longer. What the
        load was before the run is said at the top.
      """;

  /** A picture: what it shows, in which file. */
  private record Picture(String file, String title, String unit, Step step, Figure figure) {}

  private static final List<Picture> PICTURES =
      List.of(
          new Picture("new-ingress", "New Ingress live", "ms", Step.NEW_INGRESS, Figure.MILLIS),
          new Picture(
              "backend-switched", "Backend switched", "ms", Step.BACKEND_SWITCHED, Figure.MILLIS),
          new Picture(
              "endpoint-changed", "Endpoint changed", "ms", Step.ENDPOINT_CHANGED, Figure.MILLIS),
          new Picture(
              "certificate-rotated",
              "Certificate rotated",
              "ms",
              Step.CERTIFICATE_ROTATED,
              Figure.MILLIS),
          new Picture(
              "envoy-start",
              "Envoy started, until the last host answers",
              "ms",
              Step.START_ENVOY,
              Figure.MILLIS),
          new Picture(
              "xds-bytes",
              "xDS bytes of a switched backend",
              "B",
              Step.BACKEND_SWITCHED,
              Figure.XDS_BYTES),
          new Picture(
              "control-plane-memory",
              "Memory of the control plane",
              "MiB",
              Step.AT_REST,
              Figure.RSS_MIB),
          new Picture(
              "envoy-memory", "Memory of Envoy", "MiB", Step.AT_REST, Figure.ENVOY_RSS_MIB));

  private final Figures figures;
  private final List<Map<String, String>> runs;
  private final StringBuilder text = new StringBuilder();

  /**
   * A report.
   *
   * @param runs what ran where, in words
   */
  Report(List<Sample> samples, List<Map<String, String>> runs) {
    this.figures = new Figures(samples);
    this.runs = runs;
  }

  static Report of(List<Path> directories) throws IOException {
    List<Sample> samples = new ArrayList<>();
    List<Map<String, String>> runs = new ArrayList<>();
    for (Path directory : directories) {
      samples.addAll(RawData.samples(directory));
      runs.add(RawData.run(directory));
    }
    return new Report(samples, runs);
  }

  boolean isComplete() {
    return figures.isComplete();
  }

  /** Writes the page and its pictures. */
  void write(Path docs) throws IOException {
    Path pictures = Files.createDirectories(docs.resolve("performance"));
    for (Picture picture : PICTURES) {
      Plot plot = plot(picture);
      Path file = pictures.resolve(picture.file() + ".svg");
      if (plot.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        Files.writeString(file, plot.svg());
      }
    }
    Files.writeString(docs.resolve("performance.md"), page());
  }

  /** The times of all changes. */
  String summary() {
    text.setLength(0);
    figures.modes().forEach(this::changes);
    return text.toString();
  }

  String page() {
    text.setLength(0);
    line("# Performance");
    line("");
    line("Isoline beside [Contour](https://projectcontour.io), measured by `bench/compare`, which");
    line("also writes this page. Do not edit it.");
    line("");
    run();
    targets();
    for (Picture picture : PICTURES) {
      if (!plot(picture).isEmpty()) {
        line("![%s](performance/%s.svg)", picture.title(), picture.file());
      }
    }
    for (Mode mode : figures.modes()) {
      line("");
      line("## %s", mode.label());
      line("");
      changes(mode);
      growth(mode);
      costs(mode);
      starts(mode);
      rest(mode);
      load(mode);
    }
    line("");
    text.append(METHOD);
    return text.toString();
  }

  private void run() {
    Map<String, String> facts = new LinkedHashMap<>();
    for (Map<String, String> run : runs) {
      run.forEach(
          (name, value) ->
              facts.merge(name, value, (a, b) -> a.contains(b) ? a : a + "; " + b));
    }
    line("| | |");
    line("|---|---|");
    facts.forEach(
        (name, value) ->
            line("| %s | %s |", name, name.equals("command") ? "`" + value + "`" : value));
    line("");
  }

  private void targets() {
    line("## Targets");
    line("");
    line("| target | bound | measured | |");
    line("|---|---|---|---|");
    for (Target each : Target.of(figures)) {
      line(
          "| %s | %s %s | %s | %s |",
          each.what(),
          each.atMost() ? "≤" : "≥",
          quantity(each.bound(), each.unit()),
          Double.isNaN(each.measured()) ? NONE : quantity(each.measured(), each.unit()),
          each.verdict());
    }
    line("");
    line("[profile.md](profile.md) says what the time is spent on.");
    line("");
  }

  private static String quantity(double value, String unit) {
    return number(value) + (unit.equals("x") || unit.isEmpty() ? "" : " " + unit);
  }

  private void changes(Mode mode) {
    line("%s: time until a change is live, in ms.", mode.label());
    line("");
    line("| change | hosts | Isoline p50 | p99 | Contour p50 | p99 | Contour / Isoline |");
    line("|---|--:|--:|--:|--:|--:|--:|");
    List<Step> steps = new ArrayList<>(Step.changes(mode));
    steps.add(Step.STORM);
    steps.add(Step.STORM_ALL);
    for (Step step : steps) {
      for (int hosts : figures.sizes(mode)) {
        times(mode, step, hosts);
      }
    }
    line("");
  }

  private void times(Mode mode, Step step, int hosts) {
    line(
        "| %s | %,d | %s | %s | %s | %s | %s |",
        step.label(),
        hosts,
        time(ISOLINE, mode, hosts, step),
        number(figures.p99(ISOLINE, mode, hosts, step, Figure.MILLIS)),
        time(CONTOUR, mode, hosts, step),
        number(figures.p99(CONTOUR, mode, hosts, step, Figure.MILLIS)),
        number(ratio(mode, hosts, step, Figure.MILLIS)));
  }

  private String time(String subject, Mode mode, int hosts, Step step) {
    long timeouts = figures.timeouts(subject, mode, hosts, step);
    String median = number(figures.median(subject, mode, hosts, step, Figure.MILLIS));
    return timeouts == 0 ? median : "≥ %s (%d timed out)".formatted(median, timeouts);
  }

  private double ratio(Mode mode, int hosts, Step step, Figure figure) {
    return figures.median(CONTOUR, mode, hosts, step, figure)
        / figures.median(ISOLINE, mode, hosts, step, figure);
  }

  private void growth(Mode mode) {
    int small = figures.sizes(mode).first();
    int large = figures.sizes(mode).last();
    if (small == large) {
      return;
    }
    line("The p50 at %,d hosts / at %,d:", large, small);
    line("");
    line("| change | Isoline | Contour |");
    line("|---|--:|--:|");
    for (Step step : Step.changes(mode)) {
      line(
          "| %s | %s | %s |",
          step.label(),
          number(growth(ISOLINE, mode, step, small, large)),
          number(growth(CONTOUR, mode, step, small, large)));
    }
    line("");
  }

  private double growth(String subject, Mode mode, Step step, int small, int large) {
    return figures.median(subject, mode, large, step, Figure.MILLIS)
        / figures.median(subject, mode, small, step, Figure.MILLIS);
  }

  private void costs(Mode mode) {
    line("What one change costs: CPU time in ms, of control plane and Envoy, and xDS bytes.");
    line("");
    line(
        "| change | hosts | Isoline: CPU | Envoy | bytes | Contour: CPU | Envoy | bytes |"
            + " bytes, Contour / Isoline |");
    line("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    List<Step> steps = new ArrayList<>(Step.changes(mode));
    steps.add(Step.STORM);
    for (Step step : steps) {
      for (int hosts : figures.sizes(mode)) {
        line(
            "| %s | %,d | %s | %s | %s | %s | %s | %s | %s |",
            step == Step.STORM ? "one of the storm" : step.label(),
            hosts,
            median(ISOLINE, mode, hosts, step, Figure.CPU_MILLIS),
            median(ISOLINE, mode, hosts, step, Figure.ENVOY_CPU_MILLIS),
            median(ISOLINE, mode, hosts, step, Figure.XDS_BYTES),
            median(CONTOUR, mode, hosts, step, Figure.CPU_MILLIS),
            median(CONTOUR, mode, hosts, step, Figure.ENVOY_CPU_MILLIS),
            median(CONTOUR, mode, hosts, step, Figure.XDS_BYTES),
            number(ratio(mode, hosts, step, Figure.XDS_BYTES)));
      }
    }
    line("");
  }

  private String median(String subject, Mode mode, int hosts, Step step, Figure figure) {
    return number(figures.median(subject, mode, hosts, step, figure));
  }

  private void starts(Mode mode) {
    line("Starts, in ms.");
    line("");
    line("| start | hosts | Isoline p50 | p99 | Contour p50 | p99 | Contour / Isoline |");
    line("|---|--:|--:|--:|--:|--:|--:|");
    for (Step step : List.of(Step.START_CONTROL_PLANE, Step.START_ENVOY, Step.START_BOTH)) {
      for (int hosts : figures.sizes(mode)) {
        times(mode, step, hosts);
      }
    }
    line("");
  }

  private void rest(Mode mode) {
    line("What they take.");
    line("");
    line("| | hosts | Isoline | Contour | Contour / Isoline |");
    line("|---|--:|--:|--:|--:|");
    for (Map.Entry<String, Map.Entry<Step, Figure>> row :
        List.of(
            row("control plane after its start, MiB", Step.START_ENVOY, Figure.RSS_MIB),
            row("control plane after all changes, MiB", Step.AT_REST, Figure.RSS_MIB),
            row("control plane at its peak, MiB", Step.AT_REST, Figure.PEAK_RSS_MIB),
            row("Envoy after its start, MiB", Step.START_ENVOY, Figure.ENVOY_RSS_MIB),
            row("Envoy after all changes, MiB", Step.AT_REST, Figure.ENVOY_RSS_MIB),
            row("Envoy at its peak, MiB", Step.AT_REST, Figure.ENVOY_PEAK_RSS_MIB),
            row("xDS bytes of Envoy's start", Step.START_ENVOY, Figure.XDS_BYTES),
            row("xDS streams of Envoy", Step.AT_REST, Figure.STREAMS))) {
      for (int hosts : figures.sizes(mode)) {
        row(row.getKey(), mode, hosts, row.getValue().getKey(), row.getValue().getValue());
      }
    }
    line("");
  }

  private static Map.Entry<String, Map.Entry<Step, Figure>> row(
      String label, Step step, Figure figure) {
    return Map.entry(label, Map.entry(step, figure));
  }

  private void row(String label, Mode mode, int hosts, Step step, Figure figure) {
    line(
        "| %s | %,d | %s | %s | %s |",
        label,
        hosts,
        median(ISOLINE, mode, hosts, step, figure),
        median(CONTOUR, mode, hosts, step, figure),
        number(ratio(mode, hosts, step, figure)));
  }

  private void load(Mode mode) {
    if (mode.isTls()) {
      return;
    }
    line("Requests through Envoy.");
    line("");
    line("| | hosts | Isoline | Contour | Contour / Isoline |");
    line("|---|--:|--:|--:|--:|");
    for (Step step : List.of(Step.LOAD_ONE_HOST, Step.LOAD_ALL_HOSTS)) {
      for (int hosts : figures.sizes(mode)) {
        row(step.label() + ", per second", mode, hosts, step, Figure.REQUESTS_PER_SECOND);
        row(step.label() + ", p99 in ms", mode, hosts, step, Figure.P99_MILLIS);
        row(step.label() + ", failed", mode, hosts, step, Figure.FAILED_REQUESTS);
      }
    }
    line("");
  }

  private Plot plot(Picture picture) {
    List<Plot.Series> all = new ArrayList<>();
    for (Mode mode : figures.modes()) {
      for (String subject : figures.subjects(mode).descendingSet()) {
        SortedMap<Integer, Double> values = new TreeMap<>();
        for (int hosts : figures.sizes(mode)) {
          double value = figures.median(subject, mode, hosts, picture.step(), picture.figure());
          if (value > 0) {
            values.put(hosts, value);
          }
        }
        all.add(
            new Plot.Series(
                (subject.equals(ISOLINE) ? "Isoline, " : "Contour, ")
                    + switch (mode) {
                      case HTTP -> "HTTP";
                      case TLS -> "TLS";
                      case SHARED -> "TLS, wildcard";
                    },
                subject.equals(ISOLINE) ? "#0b6bcb" : "#c2410c",
                switch (mode) {
                  case HTTP -> "";
                  case TLS -> "8 4";
                  case SHARED -> "2 4";
                },
                values));
      }
    }
    return new Plot(picture.title(), picture.unit(), all);
  }

  /** With as many digits as mean something. */
  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return NONE;
    }
    boolean whole = value == Math.rint(value) || Math.abs(value) >= 100;
    return String.format(Locale.ROOT, whole ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  @FormatMethod
  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
