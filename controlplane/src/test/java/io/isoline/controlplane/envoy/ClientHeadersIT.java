package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.Response.Header;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import io.isoline.translator.ClientHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which headers that name an identity, an address or another path a client gets to a backend. */
@WithEnvoy
class ClientHeadersIT {

  private static final String HOST = "web.example.com";

  /** As the lists do not name them, but what covers them. */
  private static final List<String> NEIGHBOURS =
      List.of(
          "Forwarded",
          "X-Envoy-Peer-Metadata",
          "X-Envoy-Original-Method",
          "X-Envoy-Foo",
          "X-Forwarded",
          "X-Forwarded-Anything",
          "X-Forwarded-Ssl",
          "X-Forwarded-Prefix",
          "X-Forwarded-Scheme",
          "Ssl-Client-Verify",
          "X-Auth-Request-Email",
          "X-Isoline-Kept-0",
          "X-WebAuth-User");

  /** What clients send for the application: it is none of the proxy's business. */
  private static final List<String> OF_THE_APPLICATION =
      List.of(
          "authorization",
          "cookie",
          "dnt",
          "impersonate-user",
          "origin",
          "proxy-authorization",
          "referer",
          "x-api-key",
          "x-auth-token",
          "x-client-data",
          "x-client-version",
          "x-correlation-id",
          "x-csrf-token",
          "x-http-method-override",
          "x-requested-with",
          "x-scope-orgid",
          "x-user-agent");

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @BeforeAll
  static void startBackend() throws IOException {
    backend = Backend.start("A");
  }

  @AfterAll
  static void stopBackend() throws IOException {
    backend.close();
  }

  private static void apply(Proxy proxy) {
    proxy.apply(
        tlsIngress("web", "web", HOST, "Prefix / a"),
        TestCertificate.of("web", HOST).secret("web"),
        service("a", backend));
  }

  /** A name for each entry of the lists, and some that entries cover. */
  private static List<String> listed() {
    List<String> names = new ArrayList<>(NEIGHBOURS);
    ClientHeaders.trustable().forEach(entry -> names.add(entry.replace("*", "xyz")));
    return names;
  }

  private static Set<String> received(Request request) {
    return request.headers().stream()
        .filter(header -> header.value().startsWith("forged"))
        .map(header -> header.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String get(Collection<String> names) {
    return names.stream()
        .map(name -> name + ": forged\r\n")
        .collect(Collectors.joining("", "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n", "\r\n"));
  }

  /** What a backend gets of these, in turns, as a request has a limit of headers. */
  private static Set<String> passed(Proxy proxy, List<String> names) throws IOException {
    Set<String> passed = new TreeSet<>();
    for (int from = 0; from < names.size(); from += 50) {
      List<String> some = names.subList(from, Math.min(names.size(), from + 50));
      passed.addAll(received(proxy.request(get(some)).echo()));
    }
    return passed;
  }

  @Test
  void listed_ofAClient_areDropped(Proxy proxy) throws Exception {
    apply(proxy);
    assertEquals(Set.of(), passed(proxy, listed()));
    assertEquals(new TreeSet<>(OF_THE_APPLICATION), passed(proxy, OF_THE_APPLICATION));
  }

  @Test
  void listed_overTlsAndHttp2_areDropped(Proxy proxy) throws Exception {
    apply(proxy);
    List<String> names = NEIGHBOURS;
    try (TlsConnection secure = proxy.tls(Hello.to(HOST));
        Http2Connection http2 = new Http2Connection(proxy.tls(Hello.to(HOST).withAlpn("h2")))) {
      assertEquals(Set.of(), received(secure.exchange(get(names)).echo()));
      http2.send(
          1,
          Http2Connection.get(
              HOST,
              "/",
              names.stream()
                  .map(name -> new Header(name.toLowerCase(Locale.ROOT), "forged"))
                  .toArray(Header[]::new)));
      String outcome = http2.outcome(1);
      assertTrue(outcome.startsWith("200"), outcome);
      assertTrue(!outcome.contains("forged"), outcome);
    }
  }

  /** A proxy that says from where a request came is not taken for one that says who asks. */
  @Test
  void listed_behindATrustedHop_forwardingPassesAndIdentityDoesNot(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(settings -> Configured.with(settings, "trustedHops: 1"));
    assertEquals(
        new TreeSet<>(
            List.of("cf-connecting-ip", "front-end-https", "x-forwarded-prefix", "x-forwarded-ssl")),
        passed(
            proxy,
            List.of(
                "CF-Connecting-IP",
                "Front-End-Https",
                "X-Forwarded-Prefix",
                "X-Forwarded-Ssl",
                "Forwarded",
                "X-Forwarded-User",
                "X-Forwarded-Tls-Client-Cert-Info",
                "X-Auth-Request-User",
                "X-Original-URL",
                "X-Envoy-Foo",
                "Proxy")));
  }

  @Test
  void trusted_byName_passWithoutTheirNeighbours(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "trustedHeaders: [remote-user, ssl-client-cert, x-auth-request-*, x-forwarded-ssl]"));
    assertEquals(
        new TreeSet<>(
            List.of("remote-user", "ssl-client-cert", "x-auth-request-email", "x-forwarded-ssl")),
        passed(
            proxy,
            List.of(
                "Remote-User",
                "Ssl-Client-Cert",
                "Ssl-Client-Verify",
                "X-Auth-Request-Email",
                "X-Forwarded-Ssl",
                "X-Forwarded-User",
                "X-Isoline-Kept-0")));
    // What is kept is not made up.
    assertEquals(Set.of(), passed(proxy, List.of("X-Isoline-Kept-0", "X-Isoline-Kept-1")));
  }

  /** Some servers make the same variable of these, whatever is said of underscores. */
  @Test
  void otherSpellings_areNoWayPastTheList(Proxy proxy) throws Exception {
    apply(proxy);
    List<String> names =
        List.of(
            "x.forwarded.for",
            "X!Real.IP",
            "remote.user",
            "remote~user",
            "x|remote^user",
            "x-auth.request-user",
            "x`envoy'foo",
            "x-auth-request-preferred.name",
            "x.dotted");
    assertEquals(Set.of("x.dotted"), passed(proxy, names));
    proxy.configure(
        settings ->
            Configured.with(
                settings, "trustedHops: 1", "trustedHeaders: [remote-user, x-auth-request-*]"));
    assertEquals(Set.of("x.dotted"), passed(proxy, names));
    assertEquals(
        Set.of("remote-user", "x-auth-request-user"),
        passed(proxy, List.of("Remote-User", "X-Auth-Request-User")));
  }

  /** CGI and its like make the same variable of both spellings. */
  @Test
  void underscores_allowed_areNoWayPastTheList(Proxy proxy) throws Exception {
    apply(proxy);
    List<String> names =
        List.of(
            "x_forwarded_for",
            "x-forwarded_proto",
            "x_real_ip",
            "x_auth_request_user",
            "x-auth-request_user",
            "remote_user",
            "ssl_client_verify",
            "X_Envoy_Foo",
            "with_underscore");
    proxy.configure(
        settings ->
            Configured.with(settings, "headersWithUnderscores: allow"));
    assertEquals(Set.of("with_underscore"), passed(proxy, names));
    proxy.configure(
        settings ->
            Configured.with(
                settings, "trustedHops: 1", "trustedHeaders: [remote-user, x-auth-request-*]"));
    assertEquals(Set.of("with_underscore"), passed(proxy, names));
    assertEquals(
        Set.of("remote-user", "x-auth-request-user"),
        passed(proxy, List.of("Remote-User", "X-Auth-Request-User")));
  }

  /** What nobody may send in trailers. */
  private static final List<String> TRAILERS =
      List.of(
          "host",
          "authorization",
          "remote-user",
          "remote.user",
          "x-forwarded-for",
          "x-auth-request-user",
          "x-isoline-scope",
          "x-envoy-foo");

  @Test
  void trailers_overHttp2_areDroppedLikeHeaders(Proxy proxy) throws Exception {
    proxy.apply(
        tlsIngress("web", "web", HOST, "Prefix / a"),
        TestCertificate.of("web", HOST).secret("web"),
        service("a", "kubernetes.io/h2c", backend));
    List<String> trailers = new ArrayList<>();
    TRAILERS.forEach(name -> trailers.addAll(List.of(name, "9")));
    trailers.addAll(List.of("x-sum", "42"));
    for (int hops = 0; hops <= 1; hops++) {
      int trusted = hops;
      proxy.configure(settings -> Configured.with(settings, "trustedHops: " + trusted));
      try (Http2Stream stream = new Http2Stream(proxy.tls(Hello.to(HOST).withAlpn("h2")))) {
        stream.send(
            false, ":method", "POST", ":scheme", "https", ":path", "/", ":authority", HOST);
        stream.sendData("hi");
        stream.send(true, trailers.toArray(String[]::new));
        assertEquals("A", stream.receiveHead().route());
        assertEquals("A x-sum=42", stream.receiveData("A x-sum=42".length()));
      }
    }
  }

  @Test
  void trailers_overHttp11_areDroppedLikeHeaders(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(settings -> Configured.with(settings, "http1: {http10: true, trailers: true}"));
    List<String> names = new ArrayList<>(TRAILERS);
    names.add("content-length");
    names.add("transfer-encoding");
    names.add("x-sum");
    String request =
        names.stream()
            .map(name -> name + ": 9\r\n")
            .collect(
                Collectors.joining(
                    "",
                    "POST / HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .formatted(HOST)
                        .concat("2\r\nhi\r\n0\r\n"),
                    "\r\n"));
    // The backend answers with the request as it got it, trailers at its end.
    String echo = proxy.request(request).body();
    assertEquals(List.of("x-sum: 9"), echo.lines().filter(line -> line.endsWith(": 9")).toList());
  }
}
