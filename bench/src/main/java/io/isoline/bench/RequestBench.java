package io.isoline.bench;

import static io.isoline.bench.BenchObjects.backend;
import static io.isoline.bench.BenchObjects.host;
import static io.isoline.bench.BenchObjects.path;

import io.isoline.controlplane.engine.EngineListener;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.translator.Change;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints what a request costs an Envoy by the way in which its host is found: CPU time of Envoy for
 * one request on a connection that is kept. The ways take turns, so that the machine's moods are in
 * all of them alike.
 */
final class RequestBench {

  private static final int HOSTS = 1_000;
  private static final int TURNS = 9;
  private static final int REQUESTS = 5_000;

  private record Way(String title, String host) {}

  private RequestBench() {}

  static void print(PrintStream out) throws Exception {
    EnvoyBinary binary = EnvoyBinary.find(null, System.getenv(), System.err::println);
    List<Way> ways =
        List.of(
            new Way("a name", host(0)),
            new Way("a name in capital letters", host(0).toUpperCase(Locale.ROOT)),
            new Way("below a wildcard", "x.w" + host(0)),
            new Way("a name that nobody claims", "nobody.example.org"));
    out.printf(
        Locale.ROOT, "%n%-28s %16s %12s%n", "requests, by host", "Envoy CPU (us)", "to a name");
    try (Letter letter = new Letter("a");
        Edge edge = new Edge(binary, objects(letter.port()), new EngineListener() {})) {
      edge.await(host(HOSTS - 1), false, "a");
      double[][] micros = new double[ways.size()][TURNS];
      for (int turn = -1; turn < TURNS; turn++) {
        for (int i = 0; i < ways.size(); i++) {
          double each = OneRequest.to(ways.get(i).host(), "").microsOfCpu(edge, REQUESTS);
          if (turn >= 0) {
            micros[i][turn] = each;
          }
        }
      }
      Arrays.stream(micros).forEach(Arrays::sort);
      for (int i = 0; i < ways.size(); i++) {
        double median = micros[i][TURNS / 2];
        out.printf(
            Locale.ROOT,
            "%-28s %16.1f %12.2f%n",
            ways.get(i).title(),
            median,
            median / micros[0][TURNS / 2]);
      }
    }
  }

  private static List<Change> objects(int port) {
    List<Change> changes = new ArrayList<>(backend("a", port));
    for (int i = 0; i < HOSTS; i++) {
      changes.add(
          BenchObjects.ingress(i, host(i), null, List.of(path("/", "Prefix", "a"))));
      changes.add(
          BenchObjects.ingress(
              HOSTS + i, "*.w" + host(i), null, List.of(path("/", "Prefix", "a"))));
    }
    changes.add(
        BenchObjects.ingress(2 * HOSTS, null, null, List.of(path("/", "Prefix", "a"))));
    return changes;
  }
}
