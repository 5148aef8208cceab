package io.isoline.bench;

import static io.isoline.bench.BenchObjects.annotated;
import static io.isoline.bench.BenchObjects.backend;
import static io.isoline.bench.BenchObjects.host;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.translator.Change;
import io.isoline.translator.Resource;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.tls.ServerCertificate;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what annotations cost: first 10,000 Ingresses with five each beside the same without any,
 * then what a request costs whose route has one, beside a plain one.
 */
final class AnnotationBench {

  private static final int HOSTS = 10_000;
  private static final int ROUNDS = 5;
  private static final int TURNS = 7;
  private static final int REQUESTS = 3_000;

  private static final Map<String, String> FIVE =
      Map.of(
          "enable-cors", "true",
          "cors-allow-origin", "https://app.example.com",
          "proxy-read-timeout", "120",
          "proxy-body-size", "8m",
          "limit-rps", "100");

  /** A route with an annotation, and a request for it. */
  private record Way(String title, Map<String, String> annotations, String headers) {}

  private final PrintStream out;
  private final EnvoyBinary binary;
  private final ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
  private final Settings settings =
      Edge.onThisMachine(Settings.defaults(certificate.chain(), certificate.key()));

  private AnnotationBench(PrintStream out, EnvoyBinary binary) {
    this.out = out;
    this.binary = binary;
  }

  static void print(PrintStream out) throws Exception {
    AnnotationBench bench =
        new AnnotationBench(out, EnvoyBinary.find(null, System.getenv(), System.err::println));
    bench.many();
    bench.requests();
  }

  private void many() throws Exception {
    // The compiler has seen all of it before the first figure counts.
    translated(FIVE);
    translated(FIVE);
    out.printf(
        Locale.ROOT,
        "%n%-28s %14s %12s %12s %14s %14s%n",
        "10,000 Ingresses",
        "all (ms)",
        "one (us)",
        "one (B)",
        "heap (MiB)",
        "Envoy (MB)");
    for (Map<String, String> annotations : List.of(Map.<String, String>of(), FIVE)) {
      double all = translated(annotations);
      long before = Bench.used();
      Translator translator = new Translator(settings);
      List<Resource> resources =
          new ArrayList<>(translator.apply(objects(annotations), Instant.now()).changed());
      double heap = (Bench.used() - before) / 1048576.0;
      double[] micros = new double[60];
      long bytes = 0;
      for (int i = 0; i < micros.length; i++) {
        Map<String, String> other = new TreeMap<>(annotations);
        other.put("proxy-read-timeout", Integer.toString(100 + i));
        long start = System.nanoTime();
        Update update =
            translator.apply(List.of(annotated(HOSTS / 2, "a", other)), Instant.now());
        micros[i] = (System.nanoTime() - start) / 1e3;
        bytes = update.changed().stream().mapToLong(each -> each.body().getSerializedSize()).sum();
      }
      Arrays.sort(micros);
      double megabytes;
      try (Letter letter = new Letter("a");
          Edge edge = new Edge(binary, objects(annotations, letter.port()), new EngineListener() {})) {
        edge.await(host(HOSTS - 1), false, "a");
        megabytes = edge.residentMegabytes();
      }
      out.printf(
          Locale.ROOT,
          "%-28s %14.0f %12.1f %12d %14.1f %14.0f%n",
          annotations.isEmpty() ? "without annotations" : "with five annotations each",
          all,
          micros[micros.length / 2],
          bytes,
          heap,
          megabytes);
      if (resources.isEmpty()) {
        throw new IllegalStateException("nothing was translated");
      }
    }
  }

  /** Milliseconds to translate all of them anew. */
  private double translated(Map<String, String> annotations) {
    List<Change> objects = objects(annotations);
    double[] millis = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      new Translator(settings).apply(objects, Instant.now());
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis[ROUNDS / 2];
  }

  private static List<Change> objects(Map<String, String> annotations) {
    return objects(annotations, 8080);
  }

  private static List<Change> objects(Map<String, String> annotations, int port) {
    List<Change> changes = new ArrayList<>(backend("a", port));
    for (int i = 0; i < HOSTS; i++) {
      changes.add(annotated(i, "a", annotations));
    }
    return changes;
  }

  private void requests() throws Exception {
    try (Letter letter = new Letter("a");
        Letter service = new Letter("b")) {
      String password =
          Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.US_ASCII));
      List<Way> ways =
          List.of(
              new Way("plain", Map.of(), ""),
              new Way(
                  "CORS",
                  Map.of(
                      "enable-cors", "true", "cors-allow-origin", "https://app.example.com"),
                  "Origin: https://app.example.com\r\n"),
              new Way("rate limit", Map.of("limit-rps", "1000000"), ""),
              new Way("address list", Map.of("allowlist-source-range", "127.0.0.0/8"), ""),
              new Way("body limit", Map.of("proxy-body-size", "1m"), ""),
              new Way("affinity", Map.of("affinity", "cookie"), ""),
              new Way(
                  "basic auth",
                  Map.of("auth-type", "basic", "auth-secret", "users"),
                  "Authorization: Basic " + password + "\r\n"),
              new Way(
                  "auth-url",
                  Map.of("auth-url", "http://127.0.0.1:" + service.port() + "/"),
                  ""));
      List<Change> objects = new ArrayList<>(backend("a", letter.port()));
      // The digest of "secret", as htpasswd -s writes it.
      objects.add(BenchObjects.users("users", "ada:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"));
      for (int i = 0; i < ways.size(); i++) {
        objects.add(annotated(i, "a", ways.get(i).annotations()));
      }
      try (Edge edge = new Edge(binary, objects, new EngineListener() {});
          CredentialsServer _ = edge.credentials()) {
        edge.await(host(0), false, "a");
        print(edge, ways);
      }
    }
  }

  private void print(Edge edge, List<Way> ways) throws Exception {
    double[][] micros = new double[ways.size()][TURNS];
    double[][] perSecond = new double[ways.size()][TURNS];
    for (int turn = -1; turn < TURNS; turn++) {
      for (int i = 0; i < ways.size(); i++) {
        OneRequest request = OneRequest.to(host(i), ways.get(i).headers());
        double cpu = request.microsOfCpu(edge, REQUESTS);
        double rate = request.perSecond(edge, REQUESTS);
        if (turn >= 0) {
          micros[i][turn] = cpu;
          perSecond[i][turn] = rate;
        }
      }
    }
    Arrays.stream(micros).forEach(Arrays::sort);
    Arrays.stream(perSecond).forEach(Arrays::sort);
    out.printf(
        Locale.ROOT,
        "%n%-28s %16s %10s %16s %10s%n",
        "requests, by annotation",
        "Envoy CPU (us)",
        "to plain",
        "a second",
        "to plain");
    for (int i = 0; i < ways.size(); i++) {
      out.printf(
          Locale.ROOT,
          "%-28s %16.1f %10.2f %16.0f %10.2f%n",
          ways.get(i).title(),
          micros[i][TURNS / 2],
          micros[i][TURNS / 2] / micros[0][TURNS / 2],
          perSecond[i][TURNS / 2],
          perSecond[i][TURNS / 2] / perSecond[0][TURNS / 2]);
    }
  }
}
