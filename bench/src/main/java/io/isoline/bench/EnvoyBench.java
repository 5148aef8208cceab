package io.isoline.bench;

import static io.isoline.bench.BenchObjects.backend;
import static io.isoline.bench.BenchObjects.host;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.translator.Change;
import io.isoline.translator.ResourceType;
import io.isoline.translator.tls.ServerCertificate;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Prints how long a change takes until a real Envoy answers by it, at several sizes. Everything is
 * on loopback; there is no API server.
 *
 * <p>A hundred Services share the hosts, and a host has one path. With TLS, each host has a Secret
 * of its own, and so a filter chain of its own. A wildcard is asked by a name below it.
 */
final class EnvoyBench {

  private static final int SERVICES = 100;
  private static final int ROUNDS = 41;

  /** What the hosts are. */
  private enum Kind {
    HTTP("HTTP"),
    TLS("TLS"),
    WILDCARD("wildcards");

    final String title;

    Kind(String title) {
      this.title = title;
    }

    Change ingress(int i, String service) {
      return BenchObjects.ingress(
          i,
          this == WILDCARD ? "*." + host(i) : host(i),
          this == TLS ? "tls-" + i : null,
          List.of(BenchObjects.path("/", "Prefix", service)));
    }

    String name(int i) {
      return this == WILDCARD ? "x." + host(i) : host(i);
    }
  }

  private final PrintStream out;
  private final EnvoyBinary binary;
  private final ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());

  private EnvoyBench(PrintStream out, EnvoyBinary binary) {
    this.out = out;
    this.binary = binary;
  }

  static void print(PrintStream out) throws Exception {
    EnvoyBinary binary = EnvoyBinary.find(null, System.getenv(), System.err::println);
    // The compiler has seen all of it before the first figure counts.
    new EnvoyBench(new PrintStream(OutputStream.nullOutputStream()), binary).measure(100, Kind.TLS);
    EnvoyBench bench = new EnvoyBench(out, binary);
    out.printf(
        Locale.ROOT,
        "%n%-24s %6s %8s %8s %10s %10s %10s %10s%n",
        "change, on a real Envoy",
        "hosts",
        "p50 (ms)",
        "max (ms)",
        "xDS (B)",
        "resources",
        "Envoy CPU",
        "Envoy RSS");
    for (int hosts : List.of(100, 1_000, 10_000)) {
      bench.measure(hosts, Kind.HTTP);
    }
    for (int hosts : List.of(100, 1_000, 10_000)) {
      bench.measure(hosts, Kind.WILDCARD);
    }
    for (int hosts : List.of(100, 1_000, 3_000)) {
      bench.measure(hosts, Kind.TLS);
    }
  }

  /** What a change does, and until when it is awaited. */
  private record Step(Change change, String host, String answer) {}

  private void measure(int hosts, Kind kind) throws Exception {
    Sent sent = new Sent();
    try (Letter a = new Letter("a");
        Letter b = new Letter("b");
        Edge edge = new Edge(binary, objects(hosts, kind, a, b), sent)) {
      edge.await(kind.name(hosts - 1), kind == Kind.TLS, "a");
      out.printf(
          Locale.ROOT,
          "%-24s %6d %8.0f%n",
          kind.title + ": Envoy's start",
          hosts,
          edge.sinceStart());
      List<Step> added = new ArrayList<>();
      List<Step> switched = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        int n = hosts + i;
        added.add(new Step(kind.ingress(n, "a"), kind.name(n), "a"));
        switched.add(new Step(kind.ingress(n, "b"), kind.name(n), "b"));
      }
      record(edge, sent, kind, hosts, "new host", added);
      record(edge, sent, kind, hosts, "backend switched", switched);
    }
  }

  private void record(
      Edge edge, Sent sent, Kind kind, int hosts, String name, List<Step> steps)
      throws Exception {
    double[] millis = new double[steps.size()];
    long bytes = sent.bytes.get();
    long resources = sent.resources.get();
    Duration cpu = edge.cpu();
    Iterator<Step> each = steps.iterator();
    for (int i = 0; i < millis.length; i++) {
      Step step = each.next();
      long start = System.nanoTime();
      edge.engine().submit(List.of(step.change()));
      edge.await(step.host(), kind == Kind.TLS, step.answer());
      millis[i] = (System.nanoTime() - start) / 1e6;
      // What Envoy does after it answered is not to be on the clock of the next.
      Thread.sleep(20);
    }
    Arrays.sort(millis);
    out.printf(
        Locale.ROOT,
        "%-24s %6d %8.1f %8.1f %10d %10.1f %7.1f ms %7.0f MB%n",
        kind.title + ": " + name,
        hosts,
        millis[millis.length / 2],
        millis[millis.length - 1],
        (sent.bytes.get() - bytes) / steps.size(),
        (sent.resources.get() - resources) / (double) steps.size(),
        edge.cpu().minus(cpu).toNanos() / 1e6 / steps.size(),
        edge.residentMegabytes());
  }

  private List<Change> objects(int hosts, Kind kind, Letter a, Letter b) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      changes.addAll(backend("s" + i, a.port()));
    }
    changes.addAll(backend("a", a.port()));
    changes.addAll(backend("b", b.port()));
    for (int i = 0; i < hosts + ROUNDS; i++) {
      if (kind == Kind.TLS) {
        changes.add(BenchObjects.secret("tls-" + i, certificate));
      }
      if (i < hosts) {
        changes.add(kind.ingress(i, "s" + i % SERVICES));
      }
    }
    return changes;
  }

  /** What the engine has sent to Envoy. */
  private static final class Sent implements EngineListener {
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong resources = new AtomicLong();

    @Override
    public void sent(StreamInfo envoy, ResourceType type, int count, long size) {
      bytes.addAndGet(size);
      resources.addAndGet(count);
    }
  }
}
