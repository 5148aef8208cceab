package io.isoline.bench.compare;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench/compare}, inside of the lab. */
@Command(
    name = "bench/compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures Isoline beside Contour on the lab, and writes docs/performance.md. Wants an"
            + " otherwise idle machine.")
public final class Compare implements Callable<Integer> {

  /** Thousands of writes at a time keep an API server busy. */
  private static final int REQUEST_LIMIT_MILLIS = 60_000;

  @Option(
      names = "--hosts",
      split = ",",
      paramLabel = "N",
      defaultValue = "100,1000",
      description = "How many hosts, one size after the other. Default: ${DEFAULT-VALUE}.")
  private List<Integer> hosts = List.of();

  @Option(
      names = "--modes",
      split = ",",
      paramLabel = "MODE",
      defaultValue = "http,tls,shared",
      description = "http, tls (a certificate for each host), shared (one wildcard certificate).")
  private List<Mode> modes = List.of();

  @Option(
      names = "--subjects",
      split = ",",
      paramLabel = "SUBJECT",
      defaultValue = "isoline,contour",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> subjects = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often each change is made, over all passes. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "2",
      description = "How often each subject is started, in turns. Default: ${DEFAULT-VALUE}.")
  private int passes;

  @Option(
      names = "--short",
      description = "Shows in a minute or two that all of it runs; writes no page.")
  private boolean quick;

  @Option(
      names = "--report",
      split = ",",
      paramLabel = "DIR",
      description = "Measures nothing, and writes the page from the data of earlier runs.")
  private List<Path> report = List.of();

  @Option(names = "--root", hidden = true)
  private Path root = Path.of(".");

  @Option(names = "--isoline", hidden = true)
  private @Nullable Path isoline;

  @Option(names = "--contour", hidden = true)
  private @Nullable Path contour;

  @Option(names = "--envoy", hidden = true)
  private @Nullable Path envoy;

  /** What is known of the versions, as NAME=VERSION. */
  @Option(names = "--fact", hidden = true)
  private Map<String, String> facts = new LinkedHashMap<>();

  private Compare() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Compare()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (report.isEmpty()) {
      Path data =
          root.resolve("bench/target/compare/" + Instant.now().truncatedTo(ChronoUnit.SECONDS));
      measure(data);
      System.out.println("The raw data are in " + data);
      report = List.of(data);
    }
    Report page = Report.of(report);
    System.out.print(page.summary());
    if (!quick) {
      page.write(root.resolve("docs"));
    }
    return quick && !page.isComplete() ? 1 : 0;
  }

  private void measure(Path data) throws Exception {
    if (hosts.stream().anyMatch(n -> n < 2) || rounds < 1 || passes < 1) {
      throw new IllegalArgumentException("at least two hosts, one round and one pass");
    }
    Plan plan = quick ? Plan.quick() : Plan.full(passes, Math.ceilDiv(rounds, passes));
    List<Subject> all = new ArrayList<>();
    for (String name : subjects) {
      all.add(
          switch (name) {
            case "isoline" -> new Subject.Isoline(given(isoline, name));
            case "contour" -> new Subject.Contour(given(contour, name));
            default -> throw new IllegalArgumentException("no such subject: " + name);
          });
    }
    try (KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withRequestTimeout(REQUEST_LIMIT_MILLIS).build())
                .build();
        RawData raw = new RawData(data, facts)) {
      Collection<Workload> before = List.of();
      for (Mode mode : modes) {
        for (int size : quick ? List.of(20) : hosts) {
          for (Workload workload : before) {
            workload.remove();
          }
          before = compare(client, all, plan, mode, size, data, raw);
        }
      }
    }
  }

  private static Path given(@Nullable Path program, String name) {
    if (program == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return program;
  }

  /** Returns what is left in the API server. */
  private Collection<Workload> compare(
      KubernetesClient client,
      List<Subject> all,
      Plan plan,
      Mode mode,
      int size,
      Path data,
      RawData raw)
      throws Exception {
    Map<Subject, Workload> workloads = new LinkedHashMap<>();
    for (Subject subject : all) {
      say("%s, %,d hosts: writing the objects for %s", mode, size, subject.name());
      Workload workload =
          new Workload(client, subject.name(), mode, size, plan.warmUp() + plan.rounds());
      workload.seed();
      workloads.put(subject, workload);
    }
    for (int pass = 0; pass < plan.passes(); pass++) {
      // Each is first as often as second.
      for (Subject subject : pass % 2 == 0 ? all : all.reversed()) {
        Workload workload = workloads.get(subject);
        if (workload == null) {
          throw new IllegalStateException();
        }
        say("%s, %,d hosts: %s, pass %d", mode, size, subject.name(), pass + 1);
        Path directory =
            data.resolve("logs/%s-%d-%s-%d".formatted(mode, size, subject.name(), pass));
        try (Installation installation =
            new Installation(subject, given(envoy, "envoy"), directory, workload.namespace())) {
          new Trial(subject, plan, pass, workload, installation, raw).run();
        }
      }
    }
    return workloads.values();
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }
}
