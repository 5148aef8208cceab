package io.isoline.bench;

import static io.isoline.bench.BenchObjects.backend;
import static io.isoline.bench.BenchObjects.endpoints;
import static io.isoline.bench.BenchObjects.host;
import static io.isoline.bench.BenchObjects.noIngress;
import static io.isoline.bench.BenchObjects.secret;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.translator.Change;
import io.isoline.translator.ResourceType;
import io.isoline.translator.tls.ServerCertificate;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Changes objects at a rate for minutes, with a real Envoy that is asked all the while: there must
 * be no wrong answer, no refusal, and memory must not grow.
 *
 * <p>A host changes its endpoint, its Service, its certificate, or goes and comes back. An answer is
 * right if it was so at some time between a moment before the request and the answer: a change
 * may take that long to be live.
 */
public final class Soak {

  private static final int HOSTS = 1_000;
  private static final int TLS_HOSTS = 100;
  private static final int CHANGES_PER_SECOND = 200;
  private static final int CLIENTS = 4;
  private static final Duration CLIENT_PAUSE = Duration.ofMillis(10);
  private static final Duration MAY_TAKE = Duration.ofSeconds(3);
  private static final int SAMPLES = 20;

  /** What memory may have grown by from the second quarter of the time to the last. */
  private static final double GROWTH = 1.1;

  private static final int MAX_COMPLAINTS = 20;

  private final PrintStream out;
  private final Duration time;
  private final Random random;
  private final List<Site> sites = new ArrayList<>();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong right = new AtomicLong();
  private final AtomicLong changes = new AtomicLong();
  private final List<ServerCertificate.Valid> certificates =
      List.of(DefaultCertificate.create(Instant.now()), DefaultCertificate.create(Instant.now()));

  private Soak(PrintStream out, Duration time, long seed) {
    this.out = out;
    this.time = time;
    this.random = new Random(seed);
    for (int i = 0; i < HOSTS; i++) {
      sites.add(new Site(i));
    }
  }

  /** Arguments: for how many minutes, and perhaps the seed of an earlier run. */
  public static void main(String[] arguments) throws Exception {
    Duration time = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[0])));
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    System.out.println("seed " + seed);
    System.exit(new Soak(System.out, time, seed).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    EnvoyBinary binary = EnvoyBinary.find(null, System.getenv(), System.err::println);
    EngineListener refusals =
        new EngineListener() {
          @Override
          public void refused(StreamInfo envoy, ResourceType type) {
            refused.incrementAndGet();
          }
        };
    try (Letter a = new Letter("a");
        Letter b = new Letter("b");
        Edge edge = new Edge(binary, objects(a, b), refusals);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      edge.await(host(HOSTS - 1), false, "a");
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(clients.submit(() -> ask(edge)));
      }
      List<Double> heap = new ArrayList<>();
      List<Double> resident = new ArrayList<>();
      try {
        churn(edge, a, b, heap, resident);
      } finally {
        clients.shutdownNow();
      }
      for (Future<?> client : running) {
        client.get();
      }
      boolean flat = isFlat("heap", heap);
      flat &= isFlat("Envoy", resident);
      out.printf(
          Locale.ROOT,
          "%d changes, %d answers, %d of them wrong, %d refusals%n",
          changes.get(),
          right.get() + wrong.get(),
          wrong.get(),
          refused.get());
      return flat && wrong.get() == 0 && refused.get() == 0 && right.get() > 0;
    }
  }

  private List<Change> objects(Letter a, Letter b) {
    List<Change> all = new ArrayList<>();
    all.addAll(backend("a", a.port()));
    all.addAll(backend("b", b.port()));
    for (Site site : sites) {
      all.addAll(backend(site.service(), a.port()));
      if (site.isTls()) {
        all.add(secret(site.service(), certificates.getFirst()));
      }
      all.add(site.ingress());
      site.changed();
    }
    return all;
  }

  private void churn(Edge edge, Letter a, Letter b, List<Double> heap, List<Double> resident)
      throws Exception {
    out.printf(Locale.ROOT, "%8s %10s %10s %10s%n", "seconds", "changes", "heap MiB", "Envoy MiB");
    long begin = System.nanoTime();
    int sample = 0;
    while (sample < SAMPLES) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (seconds >= time.toSeconds() * (sample + 1) / (double) SAMPLES) {
        sample++;
        heap.add(Bench.used() / 1048576.0);
        resident.add(edge.residentMegabytes());
        out.printf(
            Locale.ROOT,
            "%8.0f %10d %10.1f %10.1f%n",
            seconds,
            changes.get(),
            heap.getLast(),
            resident.getLast());
      }
      while (changes.get() < seconds * CHANGES_PER_SECOND) {
        Site site = sites.get(random.nextInt(HOSTS));
        edge.engine().submit(List.of(change(site, a, b)));
        changes.incrementAndGet();
      }
      Thread.sleep(1);
    }
  }

  private Change change(Site site, Letter a, Letter b) {
    synchronized (site) {
      Change change =
          switch (random.nextInt(10)) {
            case 0 -> {
              site.gone = !site.gone;
              yield site.gone ? noIngress(site.number) : site.ingress();
            }
            case 1, 2, 3 -> {
              site.direct = site.direct == null ? random.nextBoolean() ? "a" : "b" : null;
              yield site.gone ? noIngress(site.number) : site.ingress();
            }
            case 4 -> {
              if (site.isTls()) {
                yield secret(site.service(), certificates.get(random.nextInt(2)));
              }
              yield site.switchEndpoint(a, b);
            }
            default -> site.switchEndpoint(a, b);
          };
      site.changed();
      return change;
    }
  }

  private void ask(Edge edge) {
    ThreadLocalRandom any = ThreadLocalRandom.current();
    while (!Thread.currentThread().isInterrupted()) {
      // Half of them with TLS, which are few.
      Site site = sites.get(any.nextInt(any.nextBoolean() ? TLS_HOSTS : HOSTS));
      long sent = System.nanoTime();
      String answer = edge.ask(host(site.number), site.isTls());
      long received = System.nanoTime();
      if (site.allows(answer, sent - MAY_TAKE.toNanos(), received)) {
        right.incrementAndGet();
      } else if (wrong.incrementAndGet() <= MAX_COMPLAINTS) {
        out.printf(
            Locale.ROOT, "wrong: %s says \"%s\", not %s%n", host(site.number), answer, site);
      }
      try {
        Thread.sleep(CLIENT_PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isFlat(String what, List<Double> samples) {
    int quarter = SAMPLES / 4;
    double early = mean(samples.subList(quarter, 2 * quarter));
    double late = mean(samples.subList(SAMPLES - quarter, SAMPLES));
    boolean flat = late <= early * GROWTH;
    out.printf(
        Locale.ROOT,
        "%s: %.1f MiB, later %.1f MiB%s%n",
        what,
        early,
        late,
        flat ? "" : ": it grows");
    return flat;
  }

  private static double mean(List<Double> samples) {
    return samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** A host, and what it answered when. Guarded by itself. */
  private static final class Site {

    /** More than a host changes in the time that a change may take. */
    private static final int KEPT = 50;

    private record Answer(String text, long since) {}

    final int number;
    boolean gone;
    /** The Service that it leads to; null for its own. */
    @Nullable String direct;
    private String endpoint = "a";
    private final Deque<Answer> answers = new ArrayDeque<>();

    Site(int number) {
      this.number = number;
    }

    boolean isTls() {
      return number < TLS_HOSTS;
    }

    String service() {
      return "s" + number;
    }

    Change ingress() {
      return BenchObjects.ingress(
          number, direct == null ? service() : direct, isTls() ? service() : null);
    }

    Change switchEndpoint(Letter a, Letter b) {
      endpoint = endpoint.equals("a") ? "b" : "a";
      return endpoints(service(), (endpoint.equals("a") ? a : b).port());
    }

    /** Notes what it is to answer from now on. */
    void changed() {
      String now = gone ? Edge.NOT_FOUND : direct == null ? endpoint : direct;
      if (answers.isEmpty() || !answers.getLast().text().equals(now)) {
        answers.addLast(new Answer(now, System.nanoTime()));
      }
      while (answers.size() > KEPT) {
        answers.removeFirst();
      }
    }

    /** Whether it was to answer so at some time from one moment to another. */
    synchronized boolean allows(String answer, long from, long to) {
      boolean allowed = false;
      for (var each = answers.descendingIterator(); each.hasNext(); ) {
        Answer next = each.next();
        allowed |= next.text().equals(answer) && next.since() - to <= 0;
        if (next.since() - from <= 0) {
          break;
        }
      }
      return allowed;
    }

    @Override
    public synchronized String toString() {
      return answers.toString();
    }
  }
}
