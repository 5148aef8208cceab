package io.isoline.bench;

import com.sun.net.httpserver.HttpServer;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.xds.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyProcess;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.SettingsEdit;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Prints how long a change takes until a real Envoy answers by it, at several sizes. Everything is on
 * loopback; there is no API server.
 *
 * <p>A hundred Services share the hosts, and a host has one path. With TLS, each host has a Secret of
 * its own, and so a filter chain of its own.
 */
final class EnvoyBench {

  private static final int SERVICES = 100;
  private static final int ROUNDS = 41;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String NAMESPACE = "bench";

  private final PrintStream out;
  private final EnvoyBinary binary;
  private final ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
  private final SSLContext trusting;

  private EnvoyBench(PrintStream out, EnvoyBinary binary) throws Exception {
    this.out = out;
    this.binary = binary;
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
  }

  static void print(PrintStream out) throws Exception {
    EnvoyBinary binary = EnvoyBinary.find(null, System.getenv(), System.err::println);
    // The compiler has seen all of it before the first figure counts.
    new EnvoyBench(new PrintStream(OutputStream.nullOutputStream()), binary).measure(100, true);
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
      bench.measure(hosts, false);
    }
    for (int hosts : List.of(100, 1_000, 3_000)) {
      bench.measure(hosts, true);
    }
  }

  /** What a change does, and until when it is awaited. */
  private record Step(Change change, String host, String answer) {}

  private void measure(int hosts, boolean tls) throws Exception {
    try (Backend a = new Backend("a");
        Backend b = new Backend("b");
        Wired wired = new Wired(objects(hosts, tls, a, b))) {
      String last = host(hosts - 1);
      wired.await(last, tls, "a");
      out.printf(
          Locale.ROOT,
          "%-24s %6d %8.0f%n",
          (tls ? "TLS" : "HTTP") + ": Envoy's start",
          hosts,
          wired.sinceStart());
      List<Step> added = new ArrayList<>();
      List<Step> switched = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        int n = hosts + i;
        added.add(new Step(ingress(n, "a", tls ? "tls-" + n : null), host(n), "a"));
        switched.add(
            new Step(ingress(n, "b", tls ? "tls-" + n : null), host(n), "b"));
      }
      record(wired, tls, hosts, "new host", added);
      record(wired, tls, hosts, "backend switched", switched);
    }
  }

  private void record(Wired wired, boolean tls, int hosts, String name, List<Step> steps)
      throws Exception {
    double[] millis = new double[steps.size()];
    long bytes = wired.bytes.get();
    long resources = wired.resources.get();
    Duration cpu = wired.cpu();
    Iterator<Step> each = steps.iterator();
    for (int i = 0; i < millis.length; i++) {
      Step step = each.next();
      long start = System.nanoTime();
      wired.engine.submit(List.of(step.change()));
      wired.await(step.host(), tls, step.answer());
      millis[i] = (System.nanoTime() - start) / 1e6;
      // What Envoy does after it answered is not to be on the clock of the next.
      Thread.sleep(20);
    }
    Arrays.sort(millis);
    out.printf(
        Locale.ROOT,
        "%-24s %6d %8.1f %8.1f %10d %10.1f %7.1f ms %7.0f MB%n",
        (tls ? "TLS" : "HTTP") + ": " + name,
        hosts,
        millis[millis.length / 2],
        millis[millis.length - 1],
        (wired.bytes.get() - bytes) / steps.size(),
        (wired.resources.get() - resources) / (double) steps.size(),
        wired.cpu().minus(cpu).toNanos() / 1e6 / steps.size(),
        wired.residentMegabytes());
  }

  private List<Change> objects(int hosts, boolean tls, Backend a, Backend b) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      changes.addAll(service("s" + i, a.port()));
    }
    changes.addAll(service("a", a.port()));
    changes.addAll(service("b", b.port()));
    for (int i = 0; i < hosts + ROUNDS; i++) {
      if (tls) {
        changes.add(
            new Change.Upsert(
                new SecretRecord(
                    ObjectRef.secret(NAMESPACE, "tls-" + i),
                    "kubernetes.io/tls",
                    certificate.chain(),
                    certificate.key())));
      }
      if (i < hosts) {
        changes.add(ingress(i, "s" + i % SERVICES, tls ? "tls-" + i : null));
      }
    }
    return changes;
  }

  private static List<Change> service(String name, int port) {
    return List.of(
        new Change.Upsert(
            new ServiceRecord(
                ObjectRef.service(NAMESPACE, name),
                null,
                List.of(),
                List.of(new ServiceRecord.Port("http", 80, "TCP", null)))),
        new Change.Upsert(
            new EndpointSliceRecord(
                ObjectRef.endpointSlice(NAMESPACE, name + "-1"),
                name,
                "IPv4",
                List.of(new EndpointSliceRecord.Port("http", port, "TCP")),
                List.of(
                    new EndpointSliceRecord.Endpoint(List.of("127.0.0.1"), true, true, false)))));
  }

  private static Change ingress(
      int i, String service, @Nullable String secret) {
    IngressRecord.Backend backend =
        new IngressRecord.Backend(new IngressRecord.ServiceBackend(service, "http", null), null);
    return new Change.Upsert(
        new IngressRecord(
            ObjectRef.ingress(NAMESPACE, "i" + i),
            new Age(Instant.EPOCH, 0),
            "isoline",
            new TreeMap<>(),
            null,
            secret == null
                ? List.of()
                : List.of(new IngressRecord.Tls(List.of(host(i)), secret)),
            List.of(
                new IngressRecord.Rule(
                    host(i), List.of(new IngressRecord.Path("/", "Prefix", backend))))));
  }

  private static String host(int i) {
    return "h" + i + ".bench.example.com";
  }

  /** An engine with an Envoy. */
  private final class Wired implements AutoCloseable {

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong resources = new AtomicLong();
    private final int http = freePort();
    private final int https = freePort();
    private final Engine engine;
    private final EnvoyProcess envoy;
    private final long start;

    Wired(List<Change> objects) throws Exception {
      Settings settings =
          new SettingsEdit(Settings.defaults(certificate.chain(), certificate.key()))
              .http(new Settings.Listener("127.0.0.1", http, 0, false))
              .https(new Settings.Listener("127.0.0.1", https, 0, false))
              .settings();
      engine =
          Engine.start(
              settings,
              XdsServer.Options.defaults(loopback(0)),
              new EngineListener() {
                @Override
                public void sent(StreamInfo envoy, ResourceType type, int count, long size) {
                  bytes.addAndGet(size);
                  resources.addAndGet(count);
                }
              },
              Clock.systemUTC());
      engine.submit(objects);
      engine.loaded();
      engine.verdicts().get();
      start = System.nanoTime();
      envoy =
          EnvoyProcess.start(
              binary,
              directory ->
                  Bootstrap.of(
                      BootstrapOptions.builder(
                              new Address.Socket("127.0.0.1", engine.port()),
                              EnvoyProcess.adminSocket(directory))
                          .nodeId("bench")
                          .build()),
              EnvoyProcess.Options.logging(line -> {}).withConcurrency(2).withLogLevel("error"));
    }

    double sinceStart() {
      return (System.nanoTime() - start) / 1e6;
    }

    Duration cpu() {
      return ProcessHandle.of(envoy.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    double residentMegabytes() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/" + envoy.pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
        }
      }
      return Double.NaN;
    }

    /** Returns when a request for the host is answered so. */
    void await(String host, boolean tls, String answer) throws Exception {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!ask(host, tls).equals(answer)) {
        if (System.nanoTime() > end) {
          throw new IOException(host + " is not answered by " + answer + " within " + LIMIT);
        }
        Thread.sleep(Duration.ofNanos(200_000));
      }
    }

    private String ask(String host, boolean tls) {
      try (Socket plain = new Socket()) {
        plain.connect(loopback(tls ? https : http), 1_000);
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(10_000);
        Socket socket = tls ? secured(plain, host) : plain;
        socket
            .getOutputStream()
            .write(
                ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        return answer(socket.getInputStream());
      } catch (IOException e) {
        return "";
      }
    }

    /** The body's one letter; nothing but for a 200. Envoy leaves connections open for a second. */
    private static String answer(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.append((char) next);
      }
      return head.indexOf("HTTP/1.1 200") == 0 ? Character.toString(in.read()) : "";
    }

    private SSLSocket secured(Socket plain, String host) throws IOException {
      SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(plain, host, 0, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(host)));
      socket.setSSLParameters(parameters);
      return socket;
    }

    @Override
    public void close() {
      envoy.close();
      engine.close();
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Answers everything with one letter. */
  private static final class Backend implements AutoCloseable {
    private final HttpServer server;

    Backend(String letter) throws IOException {
      server = HttpServer.create(loopback(0), 0);
      byte[] body = letter.getBytes(StandardCharsets.US_ASCII);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
