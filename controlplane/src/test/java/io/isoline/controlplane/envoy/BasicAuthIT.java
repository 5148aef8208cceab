package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.BasicAuthEnvoy.basic;
import static io.isoline.controlplane.envoy.BasicAuthEnvoy.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.credentials.CheckContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoy lets pass where routes have lists of users. */
class BasicAuthIT {

  /** Of each scheme the hash of the password "pw", for the user of that name. */
  private static final Map<String, String> HASHES =
      Map.of(
          "bcrypt2a", "$2a$05$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq",
          "bcrypt2b", "$2b$05$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq",
          "bcrypt2y", "$2y$05$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq",
          "apr1", "$apr1$abcdefgh$5VEbMkemELfbhC5ck.U.z1",
          "sha", "{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=",
          "ssha", "{SSHA}Tdsm+7an6/N0ZkEELBEwwHrEOwtzYWx0MTIzNA==",
          "plain", "{PLAIN}pw",
          "des", "abzlUXK5ed5rs",
          "sha256", "$5$saltsalt$0rl.MZtoLLPP3X0Rdl8riRnphIcAXJY27/aOAyK2hB5",
          "sha512",
              "$6$saltsalt$pauPrmdmG4BTE9h2HPmywiw152IFch6BJCEsaY6D.PLTfpV8sqvXwWdyfsgVgozkYH9B80"
                  + "bAip/08R2BPH2xk/");

  private static final String LIST = text(HASHES);

  /** Costs some 0.1 s each time; of the same password as the others. */
  private static final String COSTLY =
      "$2b$10$SsgjUKqBXD7xRvp12G3E6e1T2TCxYb1NxmNqg1piZQHglAfiIU4oa";

  @SuppressWarnings("NullAway") // set before all tests
  private static BasicAuthEnvoy envoy;

  @BeforeAll
  static void start() throws Exception {
    envoy =
        new BasicAuthEnvoy(
            CheckContext.CLUSTER,
            Map.of(
                "all.example.com", LIST,
                "*.w.example.com", LIST,
                "busy.example.com", "ada:" + COSTLY + "\n",
                "other.example.com", "ada:" + COSTLY + "\nbob:{PLAIN}pw\n",
                "broken.example.com", "ada:nothing like a hash\n",
                "*.o.example.com", "",
                "open.example.com", ""));
  }

  @AfterAll
  static void stop() throws IOException {
    envoy.close();
  }

  private static String text(Map<String, String> hashes) {
    StringBuilder list = new StringBuilder();
    hashes.forEach((user, hash) -> list.append(user).append(':').append(hash).append('\n'));
    return list.toString();
  }

  static List<String> users() {
    return List.copyOf(HASHES.keySet());
  }

  @ParameterizedTest
  @MethodSource("users")
  void eachScheme_rightPasswordPasses_wrongOneDoesNot(String user) throws IOException {
    assertEquals(200, envoy.get("all.example.com", basic(user, "pw")).status());
    assertEquals(401, envoy.get("all.example.com", basic(user, "pv")).status());
    assertEquals(401, envoy.get("all.example.com", basic(user, "")).status());
    assertEquals(200, envoy.get("all.example.com", basic(user, "pw")).status());
  }

  @Test
  void noCredentials_getTheRealm() throws IOException {
    Response response = envoy.get("all.example.com", null);
    assertEquals(401, response.status());
    assertEquals("Basic realm=\"Staff only\"", response.header("WWW-Authenticate"));
    assertEquals("", response.backend());
    assertEquals(List.of(), envoy.refused());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic",
        "Basic ",
        "Basic !",
        "Basic cGxhaW4=", // without a colon
        "Basic OnB3", // without a user
        "Basic cGxhaW46cHcAeA==", // with a zero in it
        "Bearer cGxhaW46cHc=",
        "Basic cGxhaW46cHc=\r\nAuthorization: Basic cGxhaW46cHc=",
      })
  void malformedCredentials_get401(String authorization) throws IOException {
    Response response = envoy.get("all.example.com", authorization);
    assertEquals(401, response.status(), authorization);
    assertTrue(response.header("WWW-Authenticate").startsWith("Basic realm="), authorization);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "PLAIN", " plain", "plain\n", "plain:pw"})
  void unknownUser_gets401(String user) throws IOException {
    assertEquals(401, envoy.get("all.example.com", basic(user, "pw")).status());
  }

  @Test
  void backend_doesNotGetThePassword() throws IOException {
    Response response = envoy.get("all.example.com", basic("plain", "pw"));
    assertEquals("", response.echo().header("authorization"));
    String own = basic("x", "y");
    assertEquals(own, envoy.get("open.example.com", own).echo().header("authorization"));
  }

  @Test
  void listWithoutAUsableLine_letsNobodyPass() throws IOException {
    assertEquals(401, envoy.get("broken.example.com", basic("ada", "pw")).status());
  }

  /** Their scope is found by a script, when it is decided already which filters the request gets. */
  @ParameterizedTest
  @ValueSource(
      strings = {"x.w.example.com", "X.W.Example.Com", "x.w.example.com:80", "ALL.example.com"})
  void scopeThatIsFoundLate_isProtected(String host) throws IOException {
    assertEquals(401, envoy.get(host, null).status());
    assertEquals(401, envoy.get(host, basic("sha", "x")).status());
    assertEquals(200, envoy.get(host, basic("sha", "pw")).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"open.example.com", "OPEN.example.com", "x.o.example.com"})
  void routeWithoutAList_isOpen(String host) throws IOException {
    assertEquals(200, envoy.get(host, null).status());
  }

  @Test
  void serviceGone_isClosed_andWorksAgainWhenItIsBack() throws IOException {
    envoy.stopService();
    try {
      for (String host : List.of("all.example.com", "x.w.example.com")) {
        assertEquals(503, envoy.get(host, basic("sha", "pw")).status());
        assertEquals(503, envoy.get(host, null).status());
      }
      assertEquals(200, envoy.get("open.example.com", null).status());
    } finally {
      envoy.startService();
    }
    assertEquals(200, envoy.get("all.example.com", basic("sha", "pw")).status());
    assertEquals(401, envoy.get("all.example.com", null).status());
  }

  @Test
  void envoyWithoutTheCluster_isClosed() throws Exception {
    try (BasicAuthEnvoy other =
        new BasicAuthEnvoy(
            "no-such-cluster", Map.of("all.example.com", LIST, "open.example.com", ""))) {
      assertEquals(503, other.get("all.example.com", basic("sha", "pw")).status());
      assertEquals(200, other.get("open.example.com", null).status());
    }
  }

  @Test
  void guessing_isBounded_andHoldsUpNeitherKnownUsersNorOtherLists() throws Exception {
    assertEquals(200, envoy.get("busy.example.com", basic("ada", "pw")).status());
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger unavailable = new AtomicInteger();
    Callable<Void> guesses =
        () -> {
          try (Connection connection = envoy.connect()) {
            while (!enough.get()) {
              String password = "guess " + tries.incrementAndGet();
              int status =
                  connection.exchange(request("busy.example.com", basic("ada", password))).status();
              assertTrue(status == 401 || status == 503, "status " + status);
              (status == 401 ? refused : unavailable).incrementAndGet();
            }
          }
          return null;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> attack = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        attack.add(threads.submit(guesses));
      }
      try {
        Await.until("1,000 tries", () -> tries.get() >= 1_000 && unavailable.get() > 0);
        for (int i = 0; i < 20; i++) {
          assertEquals(200, envoy.get("busy.example.com", basic("ada", "pw")).status());
          assertEquals(200, envoy.get("other.example.com", basic("bob", "pw")).status());
        }
        // Not known yet, so it needs its turn among the guesses.
        assertEquals(200, envoy.get("other.example.com", basic("ada", "pw")).status());
      } finally {
        enough.set(true);
      }
      for (Future<Void> each : attack) {
        each.get();
      }
    }
    assertTrue(refused.get() > 0, "some guesses are compared");
    assertTrue(refused.get() < unavailable.get(), refused + " compared, " + unavailable + " not");
    assertEquals(200, envoy.get("busy.example.com", basic("ada", "pw")).status());
  }

  @Test
  void clientThatLeavesWhileItIsAsked_harmsNobody() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Connection connection = envoy.connect()) {
        connection.send(request("busy.example.com", basic("ada", "leaves " + i)));
      }
    }
    assertEquals(200, envoy.get("all.example.com", basic("sha256", "pw")).status());
    Await.until(
        "all questions have ended",
        () ->
            envoy.envoy().get("/clusters")
                .contains("isoline-credentials::" + envoy.socket() + "::rq_active::0"));
    assertEquals(401, envoy.get("all.example.com", null).status());
  }
}
