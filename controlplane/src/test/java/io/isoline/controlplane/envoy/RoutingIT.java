package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.slice;
import static io.isoline.controlplane.envoy.Yaml.withDefault;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.translator.Verdict.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which backend gets a request. */
@WithEnvoy
class RoutingIT {

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend b;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend c;

  @BeforeAll
  static void startBackends() throws IOException {
    a = Backend.start("A");
    b = Backend.start("B");
    c = Backend.start("C");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    a.close();
    b.close();
    c.close();
  }

  private static void applyWithServices(Proxy proxy, String... ingresses) {
    proxy.apply(
        String.join("\n---\n", ingresses), service("a", a), service("b", b), service("c", c));
  }

  /** The examples of the table in the Kubernetes documentation of path types. */
  @ParameterizedTest
  @CsvSource({
    "Prefix /, /, A",
    "Prefix /, /any/thing?x=1, A",
    "Exact /foo, /foo, A",
    "Exact /foo, /foo?x=/bar, A",
    "Exact /foo, /bar, 404",
    "Exact /foo, /foo/, 404",
    "Exact /foo/, /foo, 404",
    "Exact /foo/, /foo/, A",
    "Exact /foo, /Foo, 404",
    "Prefix /foo, /foo, A",
    "Prefix /foo, /foo/, A",
    "Prefix /foo, /foo?x, A",
    "Prefix /foo, /foobar, 404",
    "Prefix /foo, /foo/bar, A",
    "Prefix /foo, /FOO, 404",
    "Prefix /foo/, /foo, A",
    "Prefix /foo/, /foo/, A",
    "Prefix /aaa/bb, /aaa/bbb, 404",
    "Prefix /aaa/bbb, /aaa/bbb, A",
    "Prefix /aaa/bbb/, /aaa/bbb, A",
    "Prefix /aaa/bbb, /aaa/bbb/, A",
    "Prefix /aaa/bbb, /aaa/bbb/ccc, A",
    "Prefix /aaa/bbb, /aaa/bbbxyz, 404",
    "ImplementationSpecific /foo, /foo/bar, A",
    "ImplementationSpecific /foo, /foobar, 404",
    "Prefix /foo.bar, /fooxbar, 404",
    "Prefix /a+b(c), /a+b(c)/d, A",
    "Prefix /caf\u00e9, /caf%C3%A9/x, A",
    "Prefix /caf\u00e9, /caf%c3%a9, A",
    "Prefix /caf\u00e9, /caf%c3%A9/x?y, A",
    "Prefix /caf\u00e9, /caf%c3%a9x, 404",
    "Prefix /caf%c3%a9, /caf%C3%A9, A",
    "Exact /caf\u00e9, /caf%C3%a9, A",
    "Exact /caf\u00e9, /CAF%C3%A9, 404",
    "Exact /, //, A",
    "Exact /, ///, A",
    "Exact /, /%2F, A",
    "Exact /, /%2f/?x, A",
    "Exact /, /x, 404",
    "Prefix /, //, A",
    "Prefix /foo, //, 404",
  })
  void path_ofOneRule_matchesByType(String rule, String path, String expected, Proxy proxy)
      throws Exception {
    applyWithServices(proxy, ingress("web", "paths.example.com", rule + " a"));
    assertEquals(expected, proxy.get("paths.example.com", path).route());
  }

  @ParameterizedTest
  @CsvSource({
    "/, C",
    "/x, C",
    "/aaa, B",
    "/aaa/x, B",
    "/aaa/bbb, A",
    "/aaa/bbb/, C2",
    "/aaa/bbb/x, C2",
    "/aaab, C",
  })
  void path_severalRules_exactThenLongestPrefix(String path, String expected, Proxy proxy)
      throws Exception {
    applyWithServices(
        proxy,
        // The least specific first, and over two objects.
        ingress("one", "order.example.com", "Prefix / c", "Prefix /aaa b"),
        ingress("two", "order.example.com", "Prefix /aaa/bbb c", "Exact /aaa/bbb a"));
    assertEquals(expected.replace("2", ""), proxy.get("order.example.com", path).route());
  }

  @ParameterizedTest
  @CsvSource({
    "exact.example.com, A",
    "EXACT.Example.COM, A",
    "exact.example.com:8080, A",
    "exact.example.com., A",
    "Exact.example.com.:80, A",
    "other.example.com, B",
    "OTHER.Example.com:1234, B",
    "other.example.com., B",
    "other.example.com.:99, B",
    "deeper.other.example.com, C",
    "deeper.exact.example.com, C",
    "example.com, C",
    ".example.com, C",
    "example.org, C",
    "exact.example.com.evil.org, C",
    "notexact.example.com:80, B",
    "127.0.0.1, C",
    "[::1]:80, C",
  })
  void host_ofRequest_findsItsRules(String host, String expected, Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("wildcard", "*.example.com", "Prefix / b"),
        ingress("exact", "Exact.Example.com", "Prefix / a"),
        ingress("none", "", "Prefix / c"));
    assertEquals(expected, proxy.get(host, "/").route());
  }

  @Test
  void host_noneMatches_404(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("one", "one.example.com", "Prefix / a"),
        ingress("wildcard", "*.wild.example.com", "Prefix / a"));
    assertEquals("404", proxy.get("two.example.com", "/").route());
    assertEquals("404", proxy.get("a.b.wild.example.com", "/").route());
    assertEquals("404", proxy.get("wild.example.com", "/").route());
  }

  @Test
  void host_withoutThePath_neverFallsToOtherRules(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("exact", "one.example.com", "Prefix /here a"),
        ingress("wildcard", "*.example.com", "Prefix / b"),
        ingress("none", "", "Prefix / c"));
    assertEquals("A", proxy.get("one.example.com", "/here").route());
    assertEquals("404", proxy.get("one.example.com", "/elsewhere").route());
  }

  @Test
  void host_withoutThePath_goesToItsDefaultBackend(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        withDefault("one", "b", "one.example.com", "Prefix /here a"),
        ingress("two", "two.example.com", "Prefix /here a"),
        withDefault("all", "c", ""));
    assertEquals("A", proxy.get("one.example.com", "/here").route());
    assertEquals("B", proxy.get("one.example.com", "/elsewhere").route());
    assertEquals("A", proxy.get("two.example.com", "/here").route());
    assertEquals("C", proxy.get("two.example.com", "/elsewhere").route());
    assertEquals("C", proxy.get("unknown.example.com", "/here").route());
  }

  @Test
  void conflict_sameHostAndPath_theFirstWinsAndTheLoserIsTold(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("first", "same.example.com", "Prefix /x a"),
        ingress("second", "SAME.example.com", "Prefix /x/ b", "Prefix /y b"));
    assertEquals("A", proxy.get("same.example.com", "/x").route());
    assertEquals("B", proxy.get("same.example.com", "/y").route());
    assertTrue(
        proxy.verdicts("Ingress", "second").stream()
            .anyMatch(v -> v.reason() == Reason.Conflict && v.message().contains("first")),
        () -> proxy.verdicts("Ingress", "second").toString());
  }

  @Test
  void class_ofAnother_isLeftAlone(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("other", "class.example.com", "Prefix / a")
            .replace("ingressClassName: isoline", "ingressClassName: nginx"));
    assertEquals("404", proxy.get("class.example.com", "/").route());
  }

  @Test
  void backend_portByName_isFound(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("named", "named.example.com", "Prefix / a")
            .replace("port: {number: 80}", "port: {name: web}"));
    assertEquals("A", proxy.get("named.example.com", "/").route());
  }

  @Test
  void backend_severalSlices_allAnswer(Proxy proxy) throws Exception {
    proxy.apply(ingress("web", "two.example.com", "Prefix / ab"), service("ab", a, b));
    Set<String> answered = new HashSet<>();
    Await.until(
        "both have answered",
        () -> {
          answered.add(proxy.get("two.example.com", "/").route());
          return answered.size() > 1;
        });
    assertEquals(Set.of("A", "B"), answered);
  }

  @Test
  void backend_missing_503ForExactlyThatPath(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("web", "web.example.com", "Prefix / a", "Prefix /gone gone", "Exact /gone/but b"),
        ingress("port", "web.example.com", "Prefix /port a")
            .replace("port: {number: 80}", "port: {number: 81}"));
    assertEquals("A", proxy.get("web.example.com", "/").route());
    assertEquals("503", proxy.get("web.example.com", "/gone").route());
    assertEquals("503", proxy.get("web.example.com", "/gone/x").route());
    assertEquals("B", proxy.get("web.example.com", "/gone/but").route());
    assertEquals("503", proxy.get("web.example.com", "/port").route());
    assertTrue(
        proxy.verdicts("Ingress", "web").stream()
            .anyMatch(v -> v.reason() == Reason.BackendNotFound));
  }

  @Test
  void backend_withoutEndpoints_503UntilThereAreSome(Proxy proxy) throws Exception {
    String web = ingress("web", "web.example.com", "Prefix / e");
    String none = service("e", "http", List.of());
    proxy.apply(web, none);
    assertEquals("503", proxy.get("web.example.com", "/").route());
    proxy.apply(web, none, slice("e", a.port(), "{ready: false}"));
    assertEquals("503", proxy.get("web.example.com", "/").route());
    proxy.apply(web, none, slice("e", a.port(), "{ready: true}"));
    assertEquals("A", proxy.get("web.example.com", "/").route());
  }

  @Test
  void backend_readyAndDraining_onlyReadyAnswersUntilNoneIs(Proxy proxy) throws Exception {
    String web = ingress("web", "web.example.com", "Prefix / e");
    String service = service("e", "http", List.of());
    String draining = "{ready: false, serving: true, terminating: true}";
    proxy.apply(
        web, service, slice("e", a.port(), "{ready: true}"), slice("e", b.port(), draining));
    for (int i = 0; i < 10; i++) {
      assertEquals("A", proxy.get("web.example.com", "/").route());
    }
    proxy.apply(web, service, slice("e", b.port(), draining));
    assertEquals("B", proxy.get("web.example.com", "/").route());
    proxy.apply(
        web, service, slice("e", b.port(), "{ready: false, serving: false, terminating: true}"));
    assertEquals("503", proxy.get("web.example.com", "/").route());
  }

  @Test
  void backend_resource_503WithAVerdict(Proxy proxy) throws Exception {
    applyWithServices(
        proxy,
        ingress("web", "web.example.com", "Prefix / a", "Prefix /bucket a")
            .replaceFirst(
                "(?s)(path: \"/bucket\"\\s+backend: ).*",
                "$1{resource: {apiGroup: x.example.com, kind: Bucket, name: b}}\n"));
    assertEquals("503", proxy.get("web.example.com", "/bucket").route());
    assertEquals("A", proxy.get("web.example.com", "/").route());
  }

  @Test
  void object_deleted_404(Proxy proxy) throws Exception {
    String keep = ingress("keep", "keep.example.com", "Prefix / a");
    applyWithServices(proxy, keep, ingress("go", "go.example.com", "Prefix / a"));
    assertEquals("A", proxy.get("go.example.com", "/").route());
    applyWithServices(proxy, keep);
    assertEquals("404", proxy.get("go.example.com", "/").route());
    assertEquals("A", proxy.get("keep.example.com", "/").route());
  }
}
