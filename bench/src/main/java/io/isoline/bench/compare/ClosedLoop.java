package io.isoline.bench.compare;

import io.isoline.bench.compare.Probe.HttpResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A generator of load: each of a few connections sends its next request when the last is answered.
 * HTTP/1.1 with keep-alive, no TLS, the cheapest answer of the backend.
 */
final class ClosedLoop {

  static final int CONNECTIONS = 8;

  /** For the requests that do not count. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private ClosedLoop() {}

  record Result(double requestsPerSecond, double p99Millis, int failed) {}

  /**
   * Sends requests for a time. Before, each connection asks for each host once: by its first
   * request to a cluster an Envoy's worker makes statistics and connections, whatever the load.
   *
   * @param hosts are asked for in turn
   * @param warmUp requests in this time do not count either
   */
  static Result run(String address, int hosts, Duration warmUp, Duration time) throws Exception {
    List<Future<Connection>> all = new ArrayList<>();
    CyclicBarrier warm = new CyclicBarrier(CONNECTIONS);
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (int c = 0; c < CONNECTIONS; c++) {
        int first = (int) ((long) hosts * c / CONNECTIONS);
        Connection connection = new Connection(address, hosts, first);
        all.add(threads.submit(() -> connection.run(warm, warmUp, time)));
      }
    }
    double[] millis = new double[0];
    int failed = 0;
    for (Future<Connection> each : all) {
      Connection connection = each.get();
      int old = millis.length;
      millis = Arrays.copyOf(millis, old + connection.count);
      System.arraycopy(connection.millis, 0, millis, old, connection.count);
      failed += connection.failed;
    }
    Arrays.sort(millis);
    return new Result(
        millis.length / (time.toNanos() / 1e9), Statistics.quantile(millis, 0.99), failed);
  }

  private static final class Connection {
    private final String address;
    private final int hosts;
    private int host;
    private long begin;
    private long end;
    private double[] millis = new double[1 << 16];
    private int count;
    private int failed;

    Connection(String address, int hosts, int first) {
      this.address = address;
      this.hosts = hosts;
      this.host = first;
    }

    Connection run(CyclicBarrier warm, Duration warmUp, Duration time) throws Exception {
      begin = System.nanoTime() + LIMIT.toNanos();
      end = begin;
      requests(hosts);
      warm.await();
      begin = System.nanoTime() + warmUp.toNanos();
      end = begin + time.toNanos();
      requests(Integer.MAX_VALUE);
      return this;
    }

    /** Sends requests until the end, or until it has sent so many. */
    private void requests(int most) {
      int sent = 0;
      while (sent < most && System.nanoTime() < end) {
        try (Socket socket = new Socket(address, Subject.HTTP_PORT)) {
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(10_000);
          InputStream in = new BufferedInputStream(socket.getInputStream());
          OutputStream out = socket.getOutputStream();
          for (; sent < most && System.nanoTime() < end; sent++) {
            once(in, out, host);
            host = (host + 1) % hosts;
          }
        } catch (IOException e) {
          failed++;
        }
      }
    }

    private void once(InputStream in, OutputStream out, int host) throws IOException {
      long start = System.nanoTime();
      out.write(
          ("GET /health HTTP/1.1\r\nHost: " + Workload.host(host) + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      HttpResponse response = HttpResponse.read(in);
      long now = System.nanoTime();
      if (start < begin || now > end) {
        return;
      }
      if (response.status() != 200) {
        failed++;
        return;
      }
      if (count == millis.length) {
        millis = Arrays.copyOf(millis, 2 * count);
      }
      millis[count++] = (now - start) / 1e6;
    }
  }
}
