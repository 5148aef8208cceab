package io.isoline.bench.compare;

import io.isoline.bench.compare.Probe.Answer;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** One pass: a subject is started on its objects, they change, and it is started again. */
final class Trial {

  /** How many hosts are asked after a start, evenly chosen, the first and the last among them. */
  private static final int HOSTS_AFTER_START = 10;

  private static final int STORM_WRITERS = 8;
  private static final int STORM_HOSTS = 500;

  private final Subject subject;
  private final Plan plan;
  private final int pass;
  private final Workload workload;
  private final Installation installation;
  private final RawData raw;
  private final Probe probe;

  Trial(
      Subject subject,
      Plan plan,
      int pass,
      Workload workload,
      Installation installation,
      RawData raw)
      throws Exception {
    this.subject = subject;
    this.plan = plan;
    this.pass = pass;
    this.workload = workload;
    this.installation = installation;
    this.raw = raw;
    this.probe = new Probe(subject.address(), workload.mode().isTls());
  }

  void run() throws Exception {
    start();
    // A Java program is slow at first.
    storm(false);
    installation.longRest(plan.restLimit());
    for (Step step : Step.changes(workload.mode())) {
      change(step);
    }
    workload.restore();
    storm(true);
    atRest();
    load();
    restart();
  }

  /** The control plane alone, then Envoy. */
  private void start() throws Exception {
    long begin = System.nanoTime();
    installation.startControlPlane();
    while (!subject.isReady()) {
      if (System.nanoTime() - begin > plan.startLimit().toNanos()) {
        throw new IOException(subject.name() + " does not get ready");
      }
      installation.check();
      Thread.sleep(1);
    }
    record(Step.START_CONTROL_PLANE, (System.nanoTime() - begin) / 1e6);
    installation.rest();
    installation.prepareEnvoy();
    begin = System.nanoTime();
    installation.startEnvoy();
    record(Step.START_ENVOY, awaitHosts(begin));
    settle();
    record(Step.START_ENVOY, Figure.XDS_BYTES, installation.xdsBytes());
    record(Step.START_ENVOY, Figure.STREAMS, installation.streams());
    record(Step.START_ENVOY, Figure.RSS_MIB, installation.controlPlane().residentMebibytes());
    record(Step.START_ENVOY, Figure.ENVOY_RSS_MIB, installation.envoy().residentMebibytes());
  }

  private double awaitHosts(long begin) throws InterruptedException, IOException {
    double millis = 0;
    for (int n = 0; n < HOSTS_AFTER_START; n++) {
      int i = (int) ((workload.hosts() - 1L) * n / (HOSTS_AFTER_START - 1));
      millis = probe.await(Workload.host(i), "/", Answer::isOk, begin, plan.startLimit());
      installation.check();
      if (millis < 0) {
        break;
      }
    }
    return millis;
  }

  /** The same kind of change on one spare host after the other. */
  private void change(Step step) throws Exception {
    double cpu = 0;
    double envoyCpu = 0;
    double bytes = 0;
    for (int round = -plan.warmUp(); round < plan.rounds(); round++) {
      if (round == 0) {
        // Envoy looks through all of its statistics for that, which takes it longer than a change.
        bytes = installation.xdsBytes();
        cpu = installation.controlPlane().cpuMillis();
        envoyCpu = installation.envoy().cpuMillis();
      }
      double millis = once(step, workload.hosts() + plan.warmUp() + round);
      if (round >= 0) {
        record(step, millis);
      }
      settle();
    }
    record(step, cpu, envoyCpu, bytes, plan.rounds());
  }

  private double once(Step step, int i) throws InterruptedException {
    long begin = System.nanoTime();
    return switch (step) {
      case NEW_INGRESS -> {
        workload.create(i);
        yield await(i, "/", answer -> answer.isOf(Workload.POD_A), begin);
      }
      case ENDPOINT_CHANGED -> {
        workload.endpoint(i, Workload.POD_B);
        yield await(i, "/", answer -> answer.isOf(Workload.POD_B), begin);
      }
      case BACKEND_SWITCHED -> {
        workload.backend(i, Workload.POD_A);
        yield await(i, "/", answer -> answer.isOf(Workload.POD_A), begin);
      }
      case PATH_ADDED -> {
        workload.addPath(i);
        yield await(i, Workload.ADDED_PATH, answer -> answer.isOf(Workload.POD_B), begin);
      }
      case CERTIFICATE_ROTATED -> {
        BigInteger serial = workload.rotate(i);
        yield await(i, "/", answer -> answer.isOk() && answer.serial().equals(serial), begin);
      }
      case INGRESS_DELETED -> {
        workload.delete(i);
        yield await(i, "/", Answer::isNotServed, begin);
      }
      case START_CONTROL_PLANE,
          START_ENVOY,
          START_BOTH,
          STORM,
          STORM_ALL,
          AT_REST,
          LOAD_ONE_HOST,
          LOAD_ALL_HOSTS ->
          throw new IllegalArgumentException(step + " is no single change");
    };
  }

  private double await(int i, String path, Predicate<Answer> right, long begin)
      throws InterruptedException {
    return probe.await(Workload.host(i), path, right, begin, plan.changeLimit());
  }

  /** Many hosts change their backends at an even rate. */
  private void storm(boolean counts) throws Exception {
    // Neighbours in pairs.
    int hosts = Math.min(workload.hosts(), STORM_HOSTS) & ~1;
    double bytes = installation.xdsBytes();
    double cpu = installation.controlPlane().cpuMillis();
    double envoyCpu = installation.envoy().cpuMillis();
    long begin = System.nanoTime();
    long last = begin;
    List<Future<?>> writes = new ArrayList<>();
    try (ExecutorService writers = Executors.newFixedThreadPool(STORM_WRITERS)) {
      for (int n = 0; n < plan.stormChanges(); n++) {
        int change = n;
        long due = begin + plan.stormTime().toNanos() * n / plan.stormChanges();
        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
        last = System.nanoTime();
        writes.add(writers.submit(() -> workload.swap(change % hosts)));
      }
    }
    for (Future<?> write : writes) {
      write.get();
    }
    double live = 0;
    double all = 0;
    for (int n = plan.stormChanges() - 1; n >= Math.max(0, plan.stormChanges() - hosts); n--) {
      String pod = workload.pod(n % hosts);
      all = await(n % hosts, "/", answer -> answer.isOf(pod), last);
      if (n == plan.stormChanges() - 1) {
        live = all;
      }
      if (all < 0) {
        break;
      }
    }
    settle();
    if (counts) {
      record(Step.STORM, live);
      record(Step.STORM_ALL, all);
      record(Step.STORM, cpu, envoyCpu, bytes, plan.stormChanges());
    }
  }

  private void atRest() throws IOException {
    record(Step.AT_REST, Figure.RSS_MIB, installation.controlPlane().residentMebibytes());
    record(Step.AT_REST, Figure.PEAK_RSS_MIB, installation.controlPlane().peakMebibytes());
    record(Step.AT_REST, Figure.ENVOY_RSS_MIB, installation.envoy().residentMebibytes());
    record(Step.AT_REST, Figure.ENVOY_PEAK_RSS_MIB, installation.envoy().peakMebibytes());
    record(Step.AT_REST, Figure.STREAMS, installation.streams());
  }

  private void load() throws Exception {
    if (workload.mode().isTls()) {
      return;
    }
    for (Step step : List.of(Step.LOAD_ONE_HOST, Step.LOAD_ALL_HOSTS)) {
      ClosedLoop.Result result =
          ClosedLoop.run(
              subject.address(),
              step == Step.LOAD_ONE_HOST ? 1 : workload.hosts(),
              plan.loadTime().dividedBy(5),
              plan.loadTime());
      record(step, Figure.REQUESTS_PER_SECOND, result.requestsPerSecond());
      record(step, Figure.P99_MILLIS, result.p99Millis());
      record(step, Figure.FAILED_REQUESTS, result.failed());
    }
  }

  private void restart() throws Exception {
    installation.close();
    long begin = System.nanoTime();
    installation.startControlPlane();
    installation.startEnvoy();
    record(Step.START_BOTH, awaitHosts(begin));
  }

  /** What is left of the last change shall not be on the clock of the next. */
  private void settle() throws InterruptedException, IOException {
    Thread.sleep(plan.pause());
    installation.rest();
  }

  private void record(Step step, double cpu, double envoyCpu, double bytes, int changes)
      throws IOException {
    record(
        step, Figure.CPU_MILLIS, (installation.controlPlane().cpuMillis() - cpu) / changes);
    record(
        step, Figure.ENVOY_CPU_MILLIS, (installation.envoy().cpuMillis() - envoyCpu) / changes);
    record(step, Figure.XDS_BYTES, (installation.xdsBytes() - bytes) / changes);
  }

  /**
   * @param millis negative when the time was over
   */
  private void record(Step step, double millis) throws IOException {
    write(step, Figure.MILLIS, Math.abs(millis), millis < 0);
  }

  private void record(Step step, Figure figure, double value) throws IOException {
    write(step, figure, value, false);
  }

  private void write(Step step, Figure figure, double value, boolean timedOut)
      throws IOException {
    raw.write(
        new Sample(
            subject.name(),
            workload.mode(),
            workload.hosts(),
            pass,
            step,
            figure,
            value,
            timedOut));
  }
}
