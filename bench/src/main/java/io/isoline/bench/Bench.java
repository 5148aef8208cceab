package io.isoline.bench;

import com.sun.management.ThreadMXBean;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.translator.Change;
import io.isoline.translator.Resource;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.tls.ServerCertificate;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Prints what a change costs at 100, 1,000 and 10,000 hosts, then the ratios that the design
 * promises, then what 50 Envoys cost, then how long it takes until a real Envoy answers by a
 * change, then what a request costs Envoy, then what annotations cost, then how what one tenant writes a lot of grows, then the
 * time from the start of the process to the first xDS response.
 */
public final class Bench {

  private static final List<String> PARTS =
      List.of("translation", "fan-out", "envoy", "requests", "annotations", "growth", "start");

  private static final List<Integer> SIZES = List.of(100, 1_000, 10_000);
  private static final int ROUNDS = 60;
  private static final int FULL_ROUNDS = 5;
  private static final long SETTLED_BYTES = 16_384;
  private static final PrintStream OUT = System.out;

  private final ThreadMXBean threads =
      (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ServerCertificate.Valid first = DefaultCertificate.create(Instant.now());
  private final ServerCertificate.Valid second = DefaultCertificate.create(Instant.now());
  private final Settings settings =
      Edge.onThisMachine(Settings.defaults(first.chain(), first.key()));
  private final Map<String, Map<Integer, Figures>> table = new TreeMap<>();

  private Bench() {}

  /** Medians of one kind of change at one size. */
  private record Figures(double micros, long allocated, long sent, int resources) {}

  public static void main(String[] arguments) throws Exception {
    List<String> parts = arguments[1].equals("all") ? PARTS : List.of(arguments[1].split(" ", -1));
    for (String part : parts) {
      switch (part) {
        case "translation" -> new Bench().translation();
        case "fan-out" -> FanOutBench.print(OUT);
        case "envoy" -> EnvoyBench.print(OUT);
        case "requests" -> RequestBench.print(OUT);
        case "annotations" -> AnnotationBench.print(OUT);
        case "growth" -> GrowthBench.print(OUT);
        case "start" -> StartBench.print(Path.of(arguments[0]), OUT);
        default -> throw new IllegalArgumentException(part + " is none of " + PARTS);
      }
    }
  }

  private void translation() {
    // The compiler has seen all of it before the first figure counts.
    measure(1_000);
    measure(1_000);
    table.clear();
    OUT.printf(
        Locale.ROOT,
        "%-10s %7s %14s %16s %14s %10s%n",
        "change",
        "hosts",
        "time (us)",
        "allocated (B)",
        "sent (B)",
        "resources");
    for (int hosts : SIZES) {
      long held = measure(hosts);
      table.forEach(
          (change, figures) -> {
            Figures f = figures.get(hosts);
            if (f != null) {
              OUT.printf(
                  Locale.ROOT,
                  "%-10s %7d %14.1f %16d %14d %10d%n",
                  change,
                  hosts,
                  f.micros(),
                  f.allocated(),
                  f.sent(),
                  f.resources());
            }
          });
      OUT.printf(Locale.ROOT, "%-10s %7d %30.1f MiB%n%n", "heap held", hosts, held / 1048576.0);
    }
    ratio("endpoint: time at 10,000 / at 100 (promised: <= 2)", "endpoint", "endpoint", 10_000, 100);
    ratio("secret: time at 10,000 / at 100 (promised: <= 2)", "secret", "secret", 10_000, 100);
    ratio("full / route at 10,000 (promised: >= 50)", "full", "route", 10_000, 10_000);
  }

  private void ratio(String title, String above, String below, int aboveHosts, int belowHosts) {
    OUT.printf(
        Locale.ROOT, "%-56s %8.2f%n", title, micros(above, aboveHosts) / micros(below, belowHosts));
  }

  private double micros(String change, int hosts) {
    Figures figures = table.getOrDefault(change, Map.of()).get(hosts);
    return figures == null ? Double.NaN : figures.micros();
  }

  /** Returns the bytes that a translator of that size holds, with its resources. */
  private long measure(int hosts) {
    SyntheticCluster cluster = new SyntheticCluster(hosts, first);
    List<Change> all = cluster.all();
    record("full", hosts, FULL_ROUNDS, i -> () -> new Translator(settings).apply(all, now()));
    long before = used();
    Translator translator = new Translator(settings);
    List<Resource> resources = new ArrayList<>(translator.apply(all, now()).changed());
    long held = used() - before;
    int tls = (hosts / 2) / 10 * 10;
    record(
        "route",
        hosts,
        ROUNDS,
        i ->
            () ->
                translator.apply(
                    List.of(cluster.ingress(hosts / 2 + 1, "svc-" + (i % 2 == 0 ? 7 : 8))), now()));
    record(
        "endpoint",
        hosts,
        ROUNDS * 10,
        i -> () -> translator.apply(List.of(cluster.endpoints(hosts / 2, 2 + i % 200)), now()));
    record(
        "secret",
        hosts,
        ROUNDS * 2,
        i -> {
          ServerCertificate.Valid certificate = i % 2 == 0 ? second : first;
          Change change = cluster.secret(tls, certificate);
          return () -> translator.apply(List.of(change), now());
        });
    if (resources.isEmpty()) {
      throw new IllegalStateException("nothing was translated");
    }
    return held;
  }

  private void record(String change, int hosts, int rounds, IntFunction<Work> work) {
    double[] micros = new double[rounds];
    long[] allocated = new long[rounds];
    long[] sent = new long[rounds];
    int resources = 0;
    for (int i = 0; i < rounds; i++) {
      Work each = work.apply(i);
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      Update update = each.run();
      micros[i] = (System.nanoTime() - start) / 1e3;
      allocated[i] = threads.getCurrentThreadAllocatedBytes() - bytes;
      sent[i] = sent(update);
      resources = update.changed().size() + update.removed().size();
    }
    Arrays.sort(micros);
    Arrays.sort(allocated);
    Arrays.sort(sent);
    table
        .computeIfAbsent(change, any -> new TreeMap<>())
        .put(
            hosts,
            new Figures(
                micros[rounds / 2], allocated[rounds / 2], sent[rounds / 2], resources));
  }

  /** The size of the delta responses that carry an update to one Envoy. */
  private static long sent(Update update) {
    DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder();
    for (Resource resource : update.changed()) {
      response.addResources(
          io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
              .setName(resource.name())
              .setVersion(resource.version())
              .setResource(resource.body()));
    }
    update.removed().forEach(key -> response.addRemovedResources(key.name()));
    return response.build().getSerializedSize();
  }

  /** Until two looks agree, as the first collections also free what earlier figures left. */
  static long used() {
    long last = -1;
    long used = collected();
    while (used != last && Math.abs(used - last) > SETTLED_BYTES) {
      last = used;
      used = collected();
    }
    return used;
  }

  private static long collected() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static Instant now() {
    return Instant.now();
  }

  /** What is timed. */
  private interface Work {
    Update run();
  }
}
