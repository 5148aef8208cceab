package io.isoline.bench;

import static io.isoline.bench.BenchObjects.backend;
import static io.isoline.bench.BenchObjects.host;
import static io.isoline.bench.BenchObjects.path;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.tls.ServerCertificate;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Prints what one tenant can write a lot of comes to: the time to translate all of it anew, the
 * bytes of its resources, the memory of an Envoy that has them. Behind each figure stands how many
 * times as much it is as the first one of the shape makes one expect: 1 is linear, at most 3 is
 * promised. The first one of memory is the first that can be told from chance.
 */
final class GrowthBench {

  private static final int ROUNDS = 5;
  private static final int SMALLEST = 100;
  private static final int SLICE = 1_000;

  /** Two starts of the same Envoy may differ by less than that. */
  private static final double CHANCE_MEGABYTES = 2;

  private final PrintStream out;
  private final EnvoyBinary binary;
  private final ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
  private final Settings settings =
      Edge.onThisMachine(Settings.defaults(certificate.chain(), certificate.key()));

  /** What there is a lot of. */
  private enum Shape {
    RULES("one Ingress, N rules", 10_000),
    PATHS("one host, N paths", 10_000),
    WILDCARDS("N wildcard hosts", 10_000),
    WILDCARDS_AND_PATHS("N wildcards, N host-less paths", 10_000),
    TLS("one Ingress, N TLS entries", 10_000),
    ENDPOINTS("one Service, N endpoints", 100_000),
    ANNOTATIONS("one Ingress, N annotations", 9_000);

    final String title;
    final int most;

    Shape(String title, int most) {
      this.title = title;
      this.most = most;
    }

    /** From 100 on, each ten times the one before. */
    List<Integer> sizes() {
      return IntStream.of(SMALLEST, 1_000, 10_000, 100_000)
          .map(size -> Math.min(size, most))
          .distinct()
          .boxed()
          .toList();
    }
  }

  /** What a shape of a size came to. */
  private record Figures(double millis, long bytes, double megabytes) {}

  private GrowthBench(PrintStream out, EnvoyBinary binary) {
    this.out = out;
    this.binary = binary;
  }

  static void print(PrintStream out) throws Exception {
    EnvoyBinary binary = EnvoyBinary.find(null, System.getenv(), System.err::println);
    new GrowthBench(out, binary).print();
  }

  private void print() throws Exception {
    // The compiler has seen all of it before the first figure counts.
    measure(Shape.TLS, 1_000, 0);
    double empty;
    try (Edge edge = new Edge(binary, List.of(), new EngineListener() {})) {
      edge.await(host(0), false, Edge.NOT_FOUND);
      empty = edge.residentMegabytes();
    }
    out.printf(Locale.ROOT, "%nEnvoy with nothing: %.0f MB; below, what it has more%n", empty);
    out.printf(
        Locale.ROOT,
        "%-32s %7s %16s %20s %16s%n",
        "growth", "N", "translated (ms)", "resources (B)", "Envoy RSS (MB)");
    for (Shape shape : Shape.values()) {
      Figures first = null;
      double perMegabyte = Double.NaN;
      for (int size : shape.sizes()) {
        Figures figures = measure(shape, size, empty);
        first = first == null ? figures : first;
        if (Double.isNaN(perMegabyte) && figures.megabytes() > CHANCE_MEGABYTES) {
          perMegabyte = size / figures.megabytes();
        }
        double times = size / (double) SMALLEST;
        out.printf(
            Locale.ROOT,
            "%-32s %7d %9.1f %6.2f %13d %6.2f %9.1f %6.2f%n",
            shape.title,
            size,
            figures.millis(),
            figures.millis() / first.millis() / times,
            figures.bytes(),
            figures.bytes() / (double) first.bytes() / times,
            figures.megabytes(),
            figures.megabytes() * perMegabyte / size);
      }
    }
  }

  private Figures measure(Shape shape, int size, double empty) throws Exception {
    try (Letter letter = new Letter("a")) {
      List<Change> objects = objects(shape, size, letter.port());
      double[] millis = new double[ROUNDS];
      long bytes = 0;
      for (int i = -2; i < ROUNDS; i++) {
        long start = System.nanoTime();
        Update update = new Translator(settings).apply(objects, Instant.now());
        if (i >= 0) {
          millis[i] = (System.nanoTime() - start) / 1e6;
        }
        bytes =
            update.changed().stream().mapToLong(each -> each.body().getSerializedSize()).sum();
      }
      Arrays.sort(millis);
      try (Edge edge = new Edge(binary, objects, new EngineListener() {})) {
        edge.await(asked(shape, size), shape == Shape.TLS, "a");
        return new Figures(millis[ROUNDS / 2], bytes, edge.residentMegabytes() - empty);
      }
    }
  }

  /** The host that is there last. */
  private static String asked(Shape shape, int size) {
    return switch (shape) {
      case RULES, TLS -> host(size - 1);
      case WILDCARDS, WILDCARDS_AND_PATHS -> "x." + host(size - 1);
      case PATHS, ANNOTATIONS -> host(0);
      case ENDPOINTS -> host(1); // Routes come after the endpoints of all clusters.
    };
  }

  private List<Change> objects(Shape shape, int size, int port) {
    List<IngressRecord.Path> all = List.of(path("/", "Prefix", "a"));
    List<Change> changes = new ArrayList<>(backend("a", port));
    switch (shape) {
      case RULES -> changes.add(ingress(rules(size, all), List.of(), Map.of()));
      case PATHS -> {
        List<IngressRecord.Path> paths = new ArrayList<>(all);
        IntStream.range(0, size).forEach(i -> paths.add(path("/" + i, "Prefix", "a")));
        changes.add(ingress(rules(1, paths), List.of(), Map.of()));
      }
      case WILDCARDS -> addWildcards(changes, size, all);
      case WILDCARDS_AND_PATHS -> {
        addWildcards(changes, size, all);
        for (int i = 0; i < size; i++) {
          changes.add(
              BenchObjects.ingress(size + i, null, null,
                  List.of(path("/" + i, "Prefix", "a"))));
        }
      }
      case TLS -> {
        List<IngressRecord.Tls> tls = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          tls.add(new IngressRecord.Tls(List.of(host(i)), "tls-" + i));
          changes.add(BenchObjects.secret("tls-" + i, certificate));
        }
        changes.add(ingress(rules(size, all), tls, Map.of()));
      }
      case ENDPOINTS -> {
        changes.add(BenchObjects.service("many"));
        addEndpoints(changes, size, port);
        IngressRecord.Rule many =
            new IngressRecord.Rule(host(0), List.of(path("/", "Prefix", "many")));
        IngressRecord.Rule one = new IngressRecord.Rule(host(1), all);
        changes.add(ingress(List.of(many, one), List.of(), Map.of()));
      }
      case ANNOTATIONS -> {
        Map<String, String> annotations = new TreeMap<>();
        for (int i = 0; i < size; i++) {
          annotations.put("nginx.ingress.kubernetes.io/unknown-" + i, "value");
        }
        changes.add(ingress(rules(1, all), List.of(), annotations));
      }
    }
    return changes;
  }

  private static List<IngressRecord.Rule> rules(int hosts, List<IngressRecord.Path> paths) {
    return IntStream.range(0, hosts)
        .mapToObj(i -> new IngressRecord.Rule(host(i), paths))
        .toList();
  }

  private static void addWildcards(
      List<Change> changes, int count, List<IngressRecord.Path> paths) {
    for (int i = 0; i < count; i++) {
      changes.add(BenchObjects.ingress(i, "*." + host(i), null, paths));
    }
  }

  /** In slices, as Kubernetes writes them, at addresses of loopback. */
  private static void addEndpoints(List<Change> changes, int count, int port) {
    for (int first = 0; first < count; first += SLICE) {
      List<EndpointSliceRecord.Endpoint> endpoints = new ArrayList<>();
      for (int i = first; i < Math.min(count, first + SLICE); i++) {
        String address = "127.%d.%d.%d".formatted(1 + (i >> 16), (i >> 8) & 255, i & 255);
        endpoints.add(new EndpointSliceRecord.Endpoint(List.of(address), true, true, false));
      }
      changes.add(
          new Change.Upsert(
              new EndpointSliceRecord(
                  ObjectRef.endpointSlice("bench", "many-" + first),
                  "many",
                  "IPv4",
                  List.of(new EndpointSliceRecord.Port("http", port, "TCP")),
                  endpoints)));
    }
  }

  private static Change ingress(
      List<IngressRecord.Rule> rules,
      List<IngressRecord.Tls> tls,
      Map<String, String> annotations) {
    return new Change.Upsert(
        new IngressRecord(
            ObjectRef.ingress("bench", "many"),
            new Age(Instant.EPOCH, 0),
            "isoline",
            new TreeMap<>(annotations),
            null,
            tls,
            rules));
  }
}
