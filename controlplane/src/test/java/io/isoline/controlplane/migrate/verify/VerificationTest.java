package io.isoline.controlplane.migrate.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Requests to two servers in this process, and what is told of their answers. */
final class VerificationTest {

  private static final Verification.Pace FAST =
      new Verification.Pace(10_000, 4, Duration.ofSeconds(30));
  private static final Comparison PLAIN = new Comparison(List.of(), null, false);
  private static final ProbePlan.Choice SAFE =
      new ProbePlan.Choice(true, true, false, Set.of(), List.of());

  private static HttpHandler answer(int status, String body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      send(exchange, status, body);
    };
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
    if (!head && bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static VerifyResult run(TwoServers servers, Comparison comparison) throws Exception {
    return run(servers, comparison, SAFE, FAST);
  }

  private static VerifyResult run(
      TwoServers servers, Comparison comparison, ProbePlan.Choice choice, Verification.Pace pace)
      throws Exception {
    return new Verification(servers.old(), servers.now(), pace, comparison)
        .run(List.of(ingress()), choice, (done, all, different) -> {});
  }

  private static IngressRecord ingress() {
    return new IngressRecord(
        ObjectRef.ingress("shop", "web"),
        new Age(null, 0),
        "nginx",
        new TreeMap<>(),
        null,
        List.of(new IngressRecord.Tls(List.of("a.example.com"), "a")),
        List.of(
            new IngressRecord.Rule(
                "a.example.com", List.of(new IngressRecord.Path("/cart", "Prefix", null)))));
  }

  private static Set<String> aspects(VerifyResult result) {
    Set<String> aspects = new java.util.TreeSet<>();
    result.different().values().forEach(of -> of.forEach(each -> aspects.add(each.aspect())));
    return aspects;
  }

  /** Both servers have certificates of their own, so that only plain HTTP can be the same. */
  private static final ProbePlan.Choice HTTP =
      new ProbePlan.Choice(true, false, false, Set.of(), List.of());

  @Test
  void run_sameAnswers_nothingToTell() throws Exception {
    try (TwoServers servers = new TwoServers(answer(200, "a"), answer(200, "b"))) {
      VerifyResult result = run(servers, PLAIN, HTTP, FAST);
      assertTrue(result.isSame(), result.toString());
      assertTrue(result.requests() > 8);
    }
  }

  @Test
  void run_everyRequest_goesToBothByHostAndServerName() throws Exception {
    try (TwoServers servers = new TwoServers(answer(200, ""), answer(200, ""))) {
      run(servers, PLAIN);
      for (String side : List.of("--old", "--new")) {
        assertTrue(servers.seen().contains(side + " GET a.example.com/cart"), side);
        assertTrue(
            servers.seen().contains(side + " GET a.example.com/cart/ sni a.example.com"), side);
      }
    }
  }

  @Test
  void run_otherStatusAndLocation_bothAreTold() throws Exception {
    try (TwoServers servers =
        new TwoServers(
            answer(301, "", "Location", "https://a.example.com/x"),
            answer(308, "", "Location", "https://a.example.com/y"))) {
      VerifyResult result = run(servers, PLAIN, HTTP, FAST);
      assertEquals(result.requests(), result.different().size());
      assertEquals(Set.of("location", "status"), aspects(result));
    }
  }

  @Test
  void run_otherPathAlone_onlyThatIsTold() throws Exception {
    HttpHandler strict =
        exchange ->
            send(exchange, exchange.getRequestURI().getPath().equals("/CART") ? 404 : 200, "");
    try (TwoServers servers = new TwoServers(answer(200, ""), strict)) {
      VerifyResult result = run(servers, PLAIN, HTTP, FAST);
      assertEquals(
          List.of("in another case"),
          result.different().keySet().stream().map(probe -> probe.origin().about()).toList());
    }
  }

  @Test
  void run_otherCertificate_isToldForHostsThatHaveOne() throws Exception {
    try (TwoServers servers = new TwoServers(answer(200, ""), answer(200, ""))) {
      VerifyResult result = run(servers, PLAIN);
      assertEquals(Set.of("certificate"), aspects(result));
      assertTrue(result.different().keySet().stream().allMatch(Probe::tls));
    }
  }

  @Test
  void run_headersCookiesAndMarks_asChosen() throws Exception {
    try (TwoServers servers =
        new TwoServers(
            answer(200, "pod=a", "X-App", "1", "Set-Cookie", "s=1; Path=/"),
            answer(200, "pod=b", "X-App", "2", "Set-Cookie", "t=1"))) {
      assertEquals(Set.of("cookies"), aspects(run(servers, PLAIN, HTTP, FAST)));
      Comparison all = new Comparison(List.of("X-App"), Pattern.compile("pod=(\\w+)"), true);
      assertEquals(
          Set.of("body", "cookies", "mark", "x-app"), aspects(run(servers, all, HTTP, FAST)));
    }
  }

  @Test
  void run_differentOnceOnly_isNotTold() throws Exception {
    AtomicInteger first = new AtomicInteger();
    HttpHandler flaky = exchange -> send(exchange, first.getAndIncrement() == 0 ? 503 : 200, "");
    try (TwoServers servers = new TwoServers(answer(200, ""), flaky)) {
      assertTrue(run(servers, PLAIN, HTTP, FAST).isSame());
    }
  }

  @Test
  void run_unsafeMethods_areSentOnceEach() throws Exception {
    ProbePlan.Choice unsafe = new ProbePlan.Choice(true, false, true, Set.of(), List.of());
    try (TwoServers servers = new TwoServers(answer(200, ""), answer(405, ""))) {
      run(servers, PLAIN, unsafe, FAST);
      assertEquals(
          1,
          servers.seen().stream()
              .filter(line -> line.equals("--new DELETE a.example.com/cart"))
              .count());
    }
  }

  @Test
  void run_hugeBody_isReadToALimit() throws Exception {
    HttpHandler huge =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] piece = new byte[1 << 16];
          try {
            for (int i = 0; i < 1 << 14; i++) {
              exchange.getResponseBody().write(piece);
            }
          } catch (IOException e) {
            // The client has had enough.
          }
        };
    try (TwoServers servers = new TwoServers(huge, huge)) {
      assertTrue(run(servers, new Comparison(List.of(), null, true), HTTP, FAST).isSame());
    }
  }

  @Test
  void run_silentServer_isTimedOut() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    HttpHandler silent =
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try (TwoServers servers = new TwoServers(answer(200, ""), silent)) {
      VerifyResult result =
          run(servers, PLAIN, HTTP, new Verification.Pace(10_000, 50, Duration.ofMillis(200)));
      end.countDown();
      assertEquals(Set.of("answer"), aspects(result));
      assertTrue(result.toString().contains("none: timed out"), result.toString());
    }
  }

  @Test
  void run_concurrency_isBounded() throws Exception {
    AtomicInteger at = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    HttpHandler counting =
        exchange -> {
          most.accumulateAndGet(at.incrementAndGet(), Math::max);
          send(exchange, 200, "");
          at.decrementAndGet();
        };
    try (TwoServers servers = new TwoServers(answer(200, ""), counting)) {
      run(servers, PLAIN, HTTP, new Verification.Pace(10_000, 2, Duration.ofSeconds(30)));
      assertTrue(most.get() <= 2, "at the same time: " + most.get());
    }
  }

  @Test
  void run_nobodyThere_saysWho() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (TwoServers servers = new TwoServers(answer(200, ""), answer(200, ""))) {
      Target gone = new Target("--new", new Target.Address("127.0.0.1", free), null);
      Verification verification = new Verification(servers.old(), gone, FAST, PLAIN);
      String message =
          String.valueOf(
              assertThrows(
                      Verification.UnreachableException.class,
                      () ->
                          verification.run(List.of(ingress()), HTTP, (done, all, different) -> {}))
                  .getMessage());
      assertTrue(message.startsWith("--new: nothing answers at 127.0.0.1:" + free), message);
    }
  }

  @Test
  void groups_equalDifferences_areOne() throws Exception {
    HttpHandler redirect =
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Location", "https://a.example.com" + exchange.getRequestURI());
          send(exchange, 308, "");
        };
    try (TwoServers servers = new TwoServers(redirect, answer(308, ""))) {
      List<VerifyResult.Group> groups = run(servers, PLAIN, HTTP, FAST).groups();
      assertEquals("https://HOSTPATH", groups.getFirst().difference().old());
      assertTrue(groups.size() <= 2, groups.toString());
    }
  }

  @Test
  void text_answersOfServers_moveNoCursor() throws Exception {
    try (TwoServers servers =
        new TwoServers(answer(200, "", "WWW-Authenticate", "a\u009b31m"), answer(200, ""))) {
      List<String> lines = new ArrayList<>(VerifyText.of(run(servers, PLAIN), ref -> List.of("x")));
      assertFalse(String.join("", lines).contains("\u009b"), lines.toString());
    }
  }
}
