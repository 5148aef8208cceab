package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that are expressions, and paths that become others. */
@WithEnvoy
class RewriteIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend b;

  @BeforeAll
  static void startBackends() throws IOException {
    a = Backend.start("A");
    b = Backend.start("B");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    a.close();
    b.close();
  }

  private static void apply(Proxy proxy, String... ingresses) {
    proxy.apply(String.join("\n---\n", ingresses), service("a", a), service("b", b));
    assertEquals(List.of(), proxy.rejections());
  }

  private static void rewrite(Proxy proxy, String path, String target, String... more) {
    String rewritten =
        annotated(
            ingress("web", "a.example.com", "ImplementationSpecific " + path + " a"),
            NGINX + "rewrite-target",
            target);
    apply(proxy, more.length == 0 ? rewritten : rewritten + "\n---\n" + String.join("\n---\n", more));
  }

  @ParameterizedTest
  @CsvSource({
    "/app(/|$)(.*), /$2, /app, /",
    "/app(/|$)(.*), /$2, /app?x=1, /?x=1",
    "/app(/|$)(.*), /$2, /app/x/y?q=//z/../q, /x/y?q=//z/../q",
    "/app(/|$)(.*), /$2, /APP/x%2Fy, /x/y",
    "/app(/|$)(.*), /$2, /app/.well-known/..x, /.well-known/..x",
    "/app(/|$)(.*), /new$1$2, /app?x, /new?x",
    "/app(.*), /$1, /app/x, /x",
    "/app(/.*)?, $1, /app, /",
    "/u/([^/]+)/(.*), /$2/$1, /u/one/two/three, /two/three/one",
    "/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j), /$10, /abcdefghij, /a0",
    "/old, /new, /older/x?a=b, /new?a=b",
    "/a\\sb(.*), /$1, /a%20b/x, /x",
    "/u/(?<name>[a-z]+), /$name, /u/bob, /bob",
    "/, /x, //, /x",
    "/a/(.*), new/$1, /a/b, /new/b",
  })
  void rewriteTarget_requestOfThePath_reachesTheBackendWithAnother(
      String path, String target, String request, String expected, Proxy proxy) throws Exception {
    rewrite(proxy, path, target);
    Response response = proxy.get("a.example.com", request);
    assertEquals("A", response.route());
    assertEquals(expected, response.echo().target());
  }

  /** Of none of these may a backend see an element that leads out of where it is. */
  @ParameterizedTest
  @CsvSource({
    "/app(.*), /$1, /app../secret",
    "/app(.*), /$1, /app..",
    "/app(.*), /$1, /app./",
    "/app(.*), /$1, /app..%3Bx/secret",
    "/app(.*), /$1, /app..%2fsecret",
    "/app(.*), /$1, /app..%5Csecret",
    "/app/?(.*), /base/$1, /app../secret",
    "/a(.*)b(.*), /$1$2, /a.b./secret",
    "/a(.*)b(.*), /$1$2, /a/b/secret",
    "/a(.*)b(.*), /$1/$2, /axb/../secret",
    "/(..)/(.*), /x/$2/$1, /ab/..c",
    "/x(.{2}), /$1, /x..secret",
    "/x(.)(.), /$1$2/etc, /x..hidden",
    "/x(.*?)y(.*), /$1/$2, /x..y/secret",
    "/(.*)f/(.*), /$1$2, /%2f/e%2f/e",
  })
  void rewriteTarget_hostileRequest_getsNoRelativeOrEmptyElement(
      String path, String target, String request, Proxy proxy) throws Exception {
    rewrite(proxy, path, target);
    int before = a.received().size();
    Response response = proxy.get("a.example.com", request);
    for (Request received : a.received().subList(before, a.received().size())) {
      String element = "(/|%2[fF]|%5[cC])\\.\\.?((/|;|%3[bB]|%2[fF]|%5[cC]).*)?";
      assertTrue(
          !received.target().matches(".*" + element) && !received.target().contains("//"),
          received.target());
    }
    assertTrue(List.of(200, 400, 403, 404).contains(response.status()), response::toString);
  }

  /** Where the operator leaves escaped slashes, they count as slashes. */
  @ParameterizedTest
  @CsvSource({
    "/app../secret, 403",
    "/app..%2fsecret, 403",
    "/app..%5Csecret, 403",
    "/app%2f..%2fsecret, 403",
    "/app%2fx, 200",
    "/app/x%2Fy, 200"
  })
  void rewriteTarget_escapedSlashesThatAreKept_areLookedAt(
      String request, int status, Proxy proxy) throws Exception {
    proxy.configure(
        settings -> Configured.with(settings, "paths: {escapedSlashes: keep, mergeSlashes: false}"));
    rewrite(proxy, "/app(.*)", "/$1");
    assertEquals(status, proxy.get("a.example.com", request).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app../secret", "/app..", "/app..%2fsecret", "/app.;/x"})
  void rewriteTarget_relativeElementThatCameTogether_isDenied(String request, Proxy proxy)
      throws Exception {
    rewrite(proxy, "/app(.*)", "/$1");
    assertEquals(403, proxy.get("a.example.com", request).status());
    assertEquals("A", proxy.get("a.example.com", "/app/x").route());
  }

  @Test
  void rewriteTarget_pathThatIsTooLongForANote_isDenied(Proxy proxy) throws Exception {
    rewrite(proxy, "/app(.*)", "/$1");
    assertEquals("A", proxy.get("a.example.com", "/app" + "a".repeat(8_000)).route());
    assertEquals(403, proxy.get("a.example.com", "/app" + "a".repeat(8_200)).status());
  }

  @Test
  void rewriteTarget_url_isARedirectThatKeepsTheQuery(Proxy proxy) throws Exception {
    rewrite(proxy, "/a/(.*)", "https://to.example.com/$1");
    Response response = proxy.get("a.example.com", "/a/b?q=1");
    assertEquals(302, response.status());
    assertEquals("https://to.example.com/b?q=1", response.header("location"));
    rewrite(proxy, "/a(.*)", "http://to.example.com:8080$1");
    assertEquals(
        "http://to.example.com:8080/.evil.example",
        proxy.get("a.example.com", "/a.evil.example").header("location"));
  }

  @Test
  void xForwardedPrefix_withCaptures_replacesThatOfTheClient(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", "a.example.com", "ImplementationSpecific /([a-z]+)/(.*) a"),
            NGINX + "rewrite-target",
            "/$2",
            NGINX + "x-forwarded-prefix",
            "/$1"));
    Response response =
        proxy.request(
            String.join(
                "\r\n",
                "GET /one/x HTTP/1.1",
                "Host: a.example.com",
                "X-Forwarded-Prefix: /evil",
                "Connection: close",
                "",
                ""));
    assertEquals("/x", response.echo().target());
    assertEquals("/one", response.echo().header("x-forwarded-prefix"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"A.example.com", "x.a.example.com"})
  void rewriteTarget_ofHostsThatAreFoundLater_isInForce(String host, Proxy proxy)
      throws Exception {
    String named = host.startsWith("x.") ? "*.a.example.com" : "a.example.com";
    apply(
        proxy,
        annotated(
            ingress("web", named, "ImplementationSpecific /app(.*) a"),
            NGINX + "rewrite-target",
            "/$1"));
    assertEquals("/x", proxy.get(host, "/app/x").echo().target());
    assertEquals(403, proxy.get(host, "/app../x").status());
  }

  @Test
  void rewriteTarget_ofOneIngressOfAHost_isForItsPathsAlone(Proxy proxy) throws Exception {
    rewrite(proxy, "/app(/|$)(.*)", "/$2", ingress("other", "a.example.com", "Prefix / b"));
    assertEquals("/x", proxy.get("a.example.com", "/app/x").echo().target());
    Response other = proxy.get("a.example.com", "/app2/x");
    assertEquals("B", other.route());
    assertEquals("/app2/x", other.echo().target());
  }

  @Test
  void rewriteTarget_config_isReadByEnvoy(Proxy proxy) throws Exception {
    rewrite(proxy, "/app(.*)", "/$1");
    String dump = proxy.envoy().admin().get("/config_dump?resource=dynamic_route_configs").body();
    assertTrue(
        dump.contains("\"path_rewrite\": \"%DYNAMIC_METADATA(isoline.rewrite:path)%\""), dump);
  }

  /** Each that is taken is one that Envoy compiles: none is too large for it, or unknown to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.{1,70}",
        "/[^/]{1,40}",
        "/(a{30}){29}",
        "/([a-z0-9]+(-[a-z0-9]+)*/){3}.*",
        "/(?:[[:alpha:]][[:punct:]]){2,4}(x|y|$)?",
        "/[\\W_]{8}\\Q.*\\E(?:|a)(b|)",
        "/((((((a*)*)*)*)*)*)*",
        "/a{0,900}",
        "/\u00e9\u00fc\u4e2d[^\\x00-\\x7f]+",
        "/[!-~]{0,50}[^!-~]?$",
      })
  void useRegex_anyThatIsTaken_isCompiledByEnvoy(String path, Proxy proxy) throws Exception {
    rewrite(proxy, path, "/$1");
    proxy.get("a.example.com", "/aaaa");
    assertEquals(List.of(), proxy.rejections());
  }
}
