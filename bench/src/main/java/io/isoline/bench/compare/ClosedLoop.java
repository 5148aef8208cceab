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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A generator of load: each of a few connections sends its next request when the last is answered.
 * HTTP/1.1 with keep-alive, no TLS, the cheapest answer of the backend.
 */
final class ClosedLoop {

  static final int CONNECTIONS = 8;

  private ClosedLoop() {}

  record Result(double requestsPerSecond, double p99Millis, int failed) {}

  /**
   * Sends requests for a time.
   *
   * @param hosts are asked for in turn, from the first on
   * @param warmUp requests in this time do not count
   */
  static Result run(String address, int hosts, Duration warmUp, Duration time) throws Exception {
    List<Future<Connection>> all = new ArrayList<>();
    long begin = System.nanoTime() + warmUp.toNanos();
    long end = begin + time.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (int c = 0; c < CONNECTIONS; c++) {
        Connection connection = new Connection(begin, end);
        int first = (int) ((long) hosts * c / CONNECTIONS);
        all.add(threads.submit(() -> connection.run(address, hosts, first)));
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
    private final long begin;
    private final long end;
    private double[] millis = new double[1 << 16];
    private int count;
    private int failed;

    Connection(long begin, long end) {
      this.begin = begin;
      this.end = end;
    }

    Connection run(String address, int hosts, int first) throws IOException {
      int host = first;
      while (System.nanoTime() < end) {
        try (Socket socket = new Socket(address, Subject.HTTP_PORT)) {
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(10_000);
          InputStream in = new BufferedInputStream(socket.getInputStream());
          OutputStream out = socket.getOutputStream();
          for (; System.nanoTime() < end; host = (host + 1) % hosts) {
            once(in, out, host);
          }
        } catch (IOException e) {
          failed++;
        }
      }
      return this;
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
