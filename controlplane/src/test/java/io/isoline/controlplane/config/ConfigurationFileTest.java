package io.isoline.controlplane.config;

import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.settings.BackendSettings;
import io.isoline.translator.settings.ErrorSettings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.ListenerSettings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile.Loaded;
import io.isoline.controlplane.config.ConfigurationFile.Rejected;
import io.isoline.translator.Settings;
import io.isoline.translator.model.HttpOptions.AccessLog;
import io.isoline.translator.model.HttpOptions.Compression;
import io.isoline.translator.model.HttpOptions.Compression.Algorithm;
import io.isoline.translator.model.HttpOptions.HeadersWithUnderscores;
import io.isoline.translator.settings.HostSettings.Hsts;
import io.isoline.translator.model.TlsOptions;
import io.isoline.translator.model.Tracing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {

  private static final Settings DEFAULTS =
      Settings.defaults(ByteString.copyFromUtf8("chain"), ByteString.copyFromUtf8("key"));

  /** A file that sets every key to something else than its default. */
  private static final String EVERYTHING =
      """
      ingressClass:
        names: [one, two.example]
        controller: example.com/other
        withoutClass: true
        nginxNames: [two.example]
      tenancy: {hosts: owned, grants: [shop/shop.test, 'shop/*.shop.test', 'web/*']}
      defaultBackend: web/sorry:http
      errorPages: {statuses: [404, 503], ofBackends: false}
      auth:
        url: 'http://auth.login.svc.cluster.local/check?a=$host'
        method: HEAD
        signIn: https://login.example.com/start
        signInParameter: back
        responseHeaders: [X-Auth-User, x-auth-groups]
        requestRedirect: /home
        cacheKey: $http_authorization
        cacheDuration: 200 1m, 401 5s
      http: {address: 127.0.0.1, port: 80, forwardedPort: 8000, proxyProtocol: true}
      https: {address: "::1", port: 443, forwardedPort: 8001, proxyProtocol: true}
      tls: {minVersion: 1.3, passthrough: true}
      ports:
        tcp: ['9000=shop/db:5432', '9001=shop/db:pg:PROXY', '9002=a/b:1::PROXY', '9003=a/b:1:PROXY:PROXY']
        udp: ['9000=dns/resolver:53']
      redirectToHttps: true
      hsts: {maxAge: 1d, includeSubDomains: true, preload: true}
      http1: {http10: false, trailers: true}
      http2: {maxConcurrentStreams: 7, initialStreamWindow: 65535, initialConnectionWindow: 2MiB}
      interimResponses: false
      timeouts:
        requestHeaders: off
        streamIdle: 0
        connectionIdle: 1h30m
        backendIdle: 4s
        connect: 250ms
        drain: 90s
      limits:
        requestHeaders: 96KiB
        requestHeaderCount: 10
        requestBody: 10Mi
        responseHeaders: 1MiB
        responseHeaderCount: 300
        connectionBuffer: 65536
      accessLog: {format: json, path: /tmp/access.log}
      compression: {algorithms: [zstd], minimumSize: 30, contentTypes: [text/plain]}
      trustedHops: 2
      paths: {escapedSlashes: keep, mergeSlashes: false}
      headersWithUnderscores: allow
      trustedHeaders: [X-Auth-Request-User, "ssl-client-*"]
      explainErrors: false
      allowExternalName: true
      allowLoopbackEndpoints: true
      clusterDomain: cluster.example
      ipv6: true
      tracing:
        collector: 'otel.monitoring:4318'
        protocol: http
        tls: true
        authorities: /ca.pem
        serviceName: the edge
        sampling: 0.25
        routes: all
        trustClients: true
      """;

  private static Loaded loaded(String text) {
    var reading = ConfigurationFile.read(text, "f.yaml", DEFAULTS);
    return assertInstanceOf(Loaded.class, reading, reading::toString);
  }

  private static List<String> problems(String text) {
    return problems(text, DEFAULTS);
  }

  private static List<String> problems(String text, Settings base) {
    return assertInstanceOf(Rejected.class, ConfigurationFile.read(text, "f.yaml", base))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ConfigurationFileTest.class.getResourceAsStream("/config/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void defaults_areAsReviewed() throws IOException {
    assertEquals(resource("defaults.yaml"), ConfigurationFile.defaults());
  }

  @Test
  void defaults_readBack_areTheDefaults() {
    assertEquals(DEFAULTS, loaded(ConfigurationFile.defaults()).settings());
  }

  @Test
  void defaults_withEachSectionSwitchedOnByHand_areValid() {
    String text =
        ConfigurationFile.defaults()
            .replaceAll("(?m)^(hsts|accessLog|compression|tracing): off\n", "")
            .replaceAll("(?m)^# (hsts|accessLog|compression|tracing):", "$1:")
            .replaceAll("(?m)^#   ", "  ");

    Settings settings = loaded(text).settings();

    assertEquals(new Hsts(Duration.ofDays(365), false, false), settings.hosts().hsts());
    assertEquals(new AccessLog(AccessLog.Format.TEXT, "/dev/stdout"), settings.http().accessLog());
    assertNotNull(settings.http().compression());
  }

  @Test
  void defaults_commentEveryLine_inAHundredColumns() {
    ConfigurationFile.defaults()
        .lines()
        .filter(line -> !line.contains("contentTypes"))
        .forEach(line -> assertTrue(line.length() <= 100, line));
  }

  @Test
  void print_readBackOnAnyBase_givesTheSame() {
    Settings everything = loaded(EVERYTHING).settings();

    assertEquals(everything, loaded(ConfigurationFile.print(everything)).settings());
    assertEquals(
        DEFAULTS,
        assertInstanceOf(
                Loaded.class,
                ConfigurationFile.read(ConfigurationFile.print(DEFAULTS), "f.yaml", everything))
            .settings());
  }

  @Test
  void read_nothing_givesTheBase() {
    Settings everything = loaded(EVERYTHING).settings();
    for (String text : List.of("", "# only a comment\n", "---\n", "{}", "http:\n", "~")) {
      var reading = ConfigurationFile.read(text, "f.yaml", everything);
      assertEquals(new Loaded(everything, Set.of()), reading, text);
    }
  }

  @Test
  void read_everyKey_setsEveryField() {
    Loaded loaded = loaded(EVERYTHING);

    List<String> unchanged = new ArrayList<>();
    for (Field<?> field : SettingsFields.fields()) {
      if (field.print(DEFAULTS).equals(field.print(loaded.settings()))) {
        unchanged.add(field.path());
      }
    }
    assertEquals(List.of(), unchanged);
    assertEquals(ConfigurationFile.keys(), loaded.keys());
  }

  @Test
  void read_everyKey_setsItsValue() {
    Settings settings = loaded(EVERYTHING).settings();

    assertEquals(List.of("one", "two.example"), settings.ingress().classes().names());
    assertEquals(
        new IngressSettings.Tenancy(
            IngressSettings.Tenancy.Hosts.OWNED,
            List.of(
                new IngressSettings.HostGrant("shop", "shop.test"),
                new IngressSettings.HostGrant("shop", "*.shop.test"),
                new IngressSettings.HostGrant("web", "*"))),
        settings.ingress().tenancy());
    assertEquals(
        new IngressSettings.DefaultBackend("web", "sorry", "http", 0), settings.ingress().defaultBackend());
    assertEquals(
        List.of("x-auth-user", "x-auth-groups"), settings.ingress().auth().responseHeaders());
    assertEquals(new ErrorSettings(List.of(404, 503), false), settings.ingress().errors());
    assertEquals("HEAD", settings.ingress().auth().method());
    assertTrue(settings.listeners().tls().passthrough());
    assertEquals(
        new ListenerSettings.Place("127.0.0.1", 80, 8000, true), settings.listeners().http());
    assertEquals(new ListenerSettings.Place("::1", 443, 8001, true), settings.listeners().https());
    assertEquals(TlsOptions.Version.TLSv1_3, settings.listeners().tls().minVersion());
    assertEquals(new Hsts(Duration.ofDays(1), true, true), settings.hosts().hsts());
    assertEquals(new HttpOptions.Http1(false, true), settings.http().http1());
    assertEquals(new HttpOptions.Http2(7, 65_535, 2 << 20), settings.http().http2());
    assertEquals(
        new HttpOptions.Timeouts(
            Duration.ZERO, Duration.ZERO, Duration.ofMinutes(90), Duration.ofSeconds(90)),
        settings.http().timeouts());
    assertEquals(new HttpOptions.Limits(96, 10, 10 << 20), settings.http().limits());
    assertEquals(
        new BackendSettings(Duration.ofMillis(250), Duration.ofSeconds(4), 1024, 300),
        settings.backends());
    assertEquals(65_536, settings.network().connectionBufferBytes());
    assertEquals(new AccessLog(AccessLog.Format.JSON, "/tmp/access.log"), settings.http().accessLog());
    assertEquals(
        new Compression(List.of(Algorithm.ZSTD), 30, List.of("text/plain")),
        settings.http().compression());
    assertEquals(
        new HttpOptions.Paths(HttpOptions.Paths.EscapedSlashes.KEEP, false), settings.http().paths());
    assertEquals(HeadersWithUnderscores.ALLOW, settings.http().headersWithUnderscores());
    assertEquals(List.of("x-auth-request-user", "ssl-client-*"), settings.http().trustedHeaders());
    assertFalse(settings.http().explainErrors());
    assertEquals(
        new Tracing(
            new Tracing.Collector(
                new Tracing.Address("otel.monitoring", 4318), Tracing.Wire.HTTP, "/ca.pem"),
            "the edge",
            25,
            true,
            true),
        settings.tracing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x-forwarded-for   | x-forwarded-for is a matter of trustedHops
          x-remote-usr      | x-remote-usr is not on the list of what can be trusted; did you mean\
           x-remote-user?
          forwarded         | forwarded is never passed on
          x-envoy-internal  | x-envoy-internal is never passed on
          x-isoline-scope   | x-isoline-scope is never passed on
          'two words'       | expected the name of a header, or its beginning and a *, not two words
          """)
  void read_headerThatCannotBeTrusted_saysWhy(String name, String reason) {
    assertEquals(
        List.of("f.yaml:1:18: trustedHeaders: " + reason),
        problems("trustedHeaders: [" + name + "]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop", "shop/", "/shop.test", "shop/a..b", "shop/*.*.test", "shop/shop.test:80",
        "Shop/shop.test", "shop/Shop.test", "shop/1.2.3.4", "shop/*.1.2.3.4", "shop/a/b", "*"
      })
  void read_grantThatIsNone_isRefused(String grant) {
    List<String> problems = problems("tenancy: {grants: ['" + grant + "']}");

    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().contains("expected NAMESPACE/HOST"), problems::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web", "web/sorry", "web/sorry:", "web/sorry:0", "web/sorry:65536", "web/sorry:-1",
        "web/sorry:99999999999", "/sorry:80", "web/:80", "web/sorry:80/x", "on"
      })
  void read_defaultBackendThatIsNone_isRefused(String backend) {
    List<String> problems = problems("defaultBackend: '" + backend + "'");

    assertEquals(1, problems.size());
    assertTrue(
        problems.getFirst().contains("expected NAMESPACE/SERVICE:PORT"), problems::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "true", "{}", "{preload: false}"})
  void read_sectionSwitchedOn_hasItsDefaults(String value) {
    assertEquals(
        new Hsts(Duration.ofDays(365), false, false), loaded("hsts: " + value).settings().hosts().hsts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "false"})
  void read_sectionSwitchedOff_isNull(String value) {
    Settings on = loaded("accessLog: on").settings();

    Loaded off =
        assertInstanceOf(Loaded.class, ConfigurationFile.read("accessLog: " + value, "f.yaml", on));

    assertEquals(DEFAULTS, off.settings());
    assertEquals(Set.of("accessLog"), off.keys());
  }

  @Test
  void read_loneWord_isTheFormatOfTheAccessLog() {
    Loaded loaded = loaded("accessLog: json");

    assertEquals(
        new AccessLog(AccessLog.Format.JSON, "/dev/stdout"), loaded.settings().http().accessLog());
    assertEquals(Set.of("accessLog", "accessLog.format"), loaded.keys());
  }

  @Test
  void read_loneAddress_isTheCollector() {
    Tracing tracing = loaded("tracing: 'otel.monitoring:4317'").settings().tracing();

    assertEquals(
        new Tracing(
            new Tracing.Collector(
                new Tracing.Address("otel.monitoring", 4317), Tracing.Wire.GRPC, null),
            "isoline",
            Tracing.EVERY,
            false,
            false),
        tracing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector: 'otel'",
        "collector: 'otel:0'",
        "collector: 'otel:70000'",
        "collector: 'http://otel:4317'",
        "collector: '::1:4317'",
        "collector: '999.1.1.1:4317'",
        "collector: 'a_b:4317'",
        "collector: '[otel]:4317'",
        "sampling: 100.01",
        "sampling: 0.001",
        "sampling: -1",
        "serviceName: ''",
        "serviceName: \"a\\nb\"",
        "routes: some",
        "authorities: ca.pem",
      })
  void read_tracingThatCannotBe_isAProblem(String line) {
    List<String> problems = problems("tracing:\n  " + line);

    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains("tracing."), problems::toString);
  }

  @ParameterizedTest
  @CsvSource({"100, 10000", "0, 0", "0.1, 10", "'0.25', 25", "12.50, 1250"})
  void read_sampling_isInHundredthsOfAPercent(String text, int value) {
    Tracing tracing =
        Objects.requireNonNull(loaded("tracing: {sampling: '" + text + "'}").settings().tracing());

    assertEquals(value, tracing.sampling());
  }

  @ParameterizedTest
  @ValueSource(strings = {"'[::1]:4317'", "127.0.0.1:4317", "otel.monitoring.svc:4317"})
  void read_collector_isPrintedAsItIsRead(String collector) {
    Settings settings = loaded("tracing:\n  collector: " + collector).settings();

    assertEquals(settings, loaded(ConfigurationFile.print(settings)).settings());
  }

  @Test
  void read_partOfASection_keepsTheRestOfTheBase() {
    Settings base = loaded("hsts: {maxAge: 2d, preload: true}").settings();

    Loaded loaded =
        assertInstanceOf(
            Loaded.class, ConfigurationFile.read("hsts: {maxAge: 3d}", "f.yaml", base));

    assertEquals(new Hsts(Duration.ofDays(3), false, true), loaded.settings().hosts().hsts());
  }

  @Test
  void read_badFile_tellsAllProblemsAtOnce() throws IOException {
    assertEquals(
        """
        f.yaml:2:3: unknown key http.prot; did you mean http.port?
        f.yaml:3:9: http.port: expected a whole number from 0 to 65535, not "80"
        f.yaml:5:9: https.port: 99999 is out of range: it can be 0 to 65535
        f.yaml:6:3: https.port is set a second time; first in line 5
        f.yaml:7:1: unknown key trusted_hops; did you mean trustedHops?
        f.yaml:9:12: timeouts.connect: off is out of range: it can be 1ms to 365d
        f.yaml:10:10: timeouts.drain: 30 needs a unit: 30s for seconds, for example
        f.yaml:11:15: timeouts.streamIdle: expected a duration such as 30s, 5m or 1h30m, or off,\
         not 3 weeks
        f.yaml:13:19: limits.requestHeaders: 60KB has an unknown unit: sizes are in KiB, MiB, GiB\
         or bytes
        f.yaml:15:12: accessLog.format: expected text or json, not xml
        f.yaml:18:16: compression.algorithms: expected brotli or gzip or zstd, not gzp; did you\
         mean gzip?
        f.yaml:18:27: compression.algorithms: gzip is in the list twice
        f.yaml:19:16: compression.contentTypes: has no value; remove the key to get the default
        f.yaml:20:7: ipv6: expected true or false, not yes
        f.yaml:21:16: clusterDomain: expected one value, not a list
        f.yaml:22:1: unknown key port; did you mean http.port or https.port or ports?
        f.yaml:24:1: unknown key zzz; the keys here are accessLog, allowExternalName,\
         allowLoopbackEndpoints, auth, clusterDomain, compression, defaultBackend, errorPages, explainErrors,\
         headersWithUnderscores, hsts, http, http1, http2, https, ingressClass, interimResponses,\
         ipv6, limits, paths, ports, redirectToHttps, tenancy, timeouts, tls, tracing, trustedHeaders, trustedHops
        """,
        String.join("\n", problems(resource("bad.yaml"))) + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1, 2]                            | 1:1: expected keys with values, such as `ipv6: true`, not a list
          http: 80                          | 1:7: http: expected keys below it, not 80
          hsts: maybe                       | 1:7: hsts: expected off, on or keys below it, not maybe
          hsts: ~                           | 1:7: hsts: expected off, on or keys below it, not nothing
          hsts: {maxAge: 1500ms}            | 1:16: hsts.maxAge: 1500ms is not a number of whole seconds
          accessLog: [json]                 | 1:12: accessLog: expected off, on or keys below it, not a list
          accessLog: {path: log}            | 1:19: accessLog.path: expected an absolute path such as /dev/stdout, not log
          http: {address: localhost}        | 1:17: http.address: expected an IP address such as 0.0.0.0 or 127.0.0.1, not localhost
          http: {address: 1.2.3}            | 1:17: http.address: expected an IP address such as 0.0.0.0 or 127.0.0.1, not 1.2.3
          http: {port: -1}                  | 1:14: http.port: expected a whole number from 0 to 65535, not -1
          http: {port: 99999999999999999999} | 1:14: http.port: 99999999999999999999 is out of range: it can be 0 to 65535
          http: {port: 0x50}                | 1:14: http.port: expected a whole number from 0 to 65535, not 0x50
          limits: {requestHeaders: 1500}    | 1:26: limits.requestHeaders: 1500 is not a multiple of 1KiB
          limits: {requestHeaders: 9MiB}    | 1:26: limits.requestHeaders: 9MiB is out of range: it can be 1KiB to 8MiB
          limits: {requestBody: 999999999GiB} | 1:23: limits.requestBody: 999999999GiB is out of range: it can be 0 to 1024GiB
          timeouts: {connect: 400d}         | 1:21: timeouts.connect: 400d is out of range: it can be 1ms to 365d
          timeouts: {drain: 99999999999999d} | 1:19: timeouts.drain: 99999999999999d is out of range: it can be off, or 1ms to 365d
          ingressClass: {names: []}         | 1:23: ingressClass.names: the list is empty; it needs one entry at least
          ingressClass: {names: isoline}    | 1:23: ingressClass.names: expected a list, [like, this], not isoline
          ingressClass: {names: [A_b]}      | 1:24: ingressClass.names: expected a name of lower case letters, digits, '-' and '.', not A_b
          ingressClass: {names: [[a]]}      | 1:24: ingressClass.names: expected a list of words, not of a list
          ingressClass: {controller: x}     | 1:28: ingressClass.controller: expected a domain and a path such as example.com/ingress-controller, not x
          compression: {contentTypes: ["a/b; c"]} | 1:30: compression.contentTypes: expected a content type such as text/html, without parameters, not "a/b; c"
          tls: {minVersion: 1.1}            | 1:19: tls.minVersion: expected 1.2 or 1.3, not 1.1
          {[a]: b}                           | 1:2: expected a key, not a list
          a: b: c                           | 1:5: not valid YAML: mapping values are not allowed here
          http: {port: 8443}                | 1:14: http.port and https.port are both 8443; they must differ
          https: {port: 8080}               | 1:15: http.port and https.port are both 8080; they must differ
          auth: {url: 'http://$host/'}      | 1:13: auth.url: expected a URL such as http://auth.example.com/check, or off, not "http://$host/": its host is that of the request
          errorPages: {statuses: [302]}     | 1:25: errorPages.statuses: 302 is out of range: it can be 400 to 599
          auth: {method: TRACE}             | 1:16: auth.method: expected GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or default, not TRACE: it is another method
          auth: {responseHeaders: [a b]}    | 1:26: auth.responseHeaders: expected the name of a header, not a b: it has other characters
          auth: {cacheDuration: soon}       | 1:23: auth.cacheDuration: expected statuses and a time, as in 200 202 401 5m, not soon: "soon" is not a time such as 5m
          ports: {tcp: 9000=a/b:1}          | 1:14: ports.tcp: expected a list, [like, this], not 9000=a/b:1
          ports: {tcp: [9000]}              | 1:15: ports.tcp: expected PORT=NAMESPACE/SERVICE:PORT such as 9000=shop/db:5432, and perhaps :PROXY, not 9000
          ports: {tcp: [0=a/b:1]}           | 1:15: ports.tcp: expected PORT=NAMESPACE/SERVICE:PORT such as 9000=shop/db:5432, and perhaps :PROXY, not 0=a/b:1
          ports: {tcp: [65536=a/b:1]}       | 1:15: ports.tcp: expected PORT=NAMESPACE/SERVICE:PORT such as 9000=shop/db:5432, and perhaps :PROXY, not 65536=a/b:1
          ports: {tcp: ['9000=a/b:1::']}    | 1:15: ports.tcp: expected PORT=NAMESPACE/SERVICE:PORT such as 9000=shop/db:5432, and perhaps :PROXY, not "9000=a/b:1::"
          ports: {tcp: ['9000=a/b:1:proxy']} | 1:15: ports.tcp: expected PORT=NAMESPACE/SERVICE:PORT such as 9000=shop/db:5432, and perhaps :PROXY, not "9000=a/b:1:proxy"
          ports: {tcp: ['9000=a/b:0']}      | 1:15: ports.tcp: expected PORT=NAMESPACE/SERVICE:PORT such as 9000=shop/db:5432, and perhaps :PROXY, not "9000=a/b:0"
          ports: {udp: ['53=a/b:53:PROXY']} | 1:15: ports.udp: expected PORT=NAMESPACE/SERVICE:PORT such as 53=dns/resolver:53, not "53=a/b:53:PROXY"
          ports: {tcp: [9000=a/b:1, 9000=a/b:2]} | 1:27: ports.tcp[1] and ports.tcp[0] are both port 9000; they must differ
          ports: {udp: [9000=a/b:1, 9000=a/b:2]} | 1:27: ports.udp[1] and ports.udp[0] are both port 9000; they must differ
          ports: {tcp: [8080=a/b:1]}        | 1:15: ports.tcp[0] and http.port are both port 8080; they must differ
          ports: {tcp: [8443=a/b:1]}        | 1:15: ports.tcp[0] and https.port are both port 8443; they must differ
          {redirectToHttps: true, https: {port: 0}} | 1:19: redirectToHttps needs the HTTPS listener, but https.port is 0
          """)
  void read_badValue_saysWhereAndWhy(String text, String problem) {
    assertEquals(List.of("f.yaml:" + problem), problems(text));
  }

  @Test
  void read_samePortOnOtherAddresses_isFine() {
    String text = "{http: {address: 127.0.0.1, port: 99}, https: {address: 127.0.0.2, port: 99}}";

    assertEquals(99, loaded(text).settings().listeners().https().port());
  }

  @Test
  void read_tab_isNamed() {
    List<String> problems = problems("http:\n\tport: 80\n");

    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().startsWith("f.yaml:2:1: not valid YAML: "), problems::toString);
  }

  @Test
  void read_secondDocument_isRefused() {
    assertEquals(
        List.of("f.yaml:2:1: a second document begins here; the file must have one"),
        problems("ipv6: true\n---\nipv6: false\n"));
  }

  @Test
  void read_endlessNesting_isRefused() {
    assertEquals(
        List.of("f.yaml:1:21: nested deeper than any key of this file"),
        problems("[".repeat(100_000)));
  }

  @Test
  void read_recursiveAlias_isRefused() {
    assertEquals(
        List.of("f.yaml:1:1: expected keys with values, such as `ipv6: true`, not a list"),
        problems("&a [*a]"));
  }

  @Test
  void readFile_missing_isAProblem(@TempDir Path directory) {
    Path file = directory.resolve("isoline.yaml");

    assertEquals(
        new Rejected(
            List.of(new Problem(file.toString(), 0, 0, "the configuration file does not exist"))),
        ConfigurationFile.read(file, DEFAULTS));
  }

  @Test
  void readFile_directoryOrBinaryOrHuge_isAProblem(@TempDir Path directory) throws IOException {
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
    Path huge = Files.write(directory.resolve("huge"), new byte[2 << 20]);

    for (Path file : List.of(directory, binary, huge)) {
      Problem problem =
          assertInstanceOf(Rejected.class, ConfigurationFile.read(file, DEFAULTS))
              .problems()
              .getFirst();
      assertTrue(
          problem.toString().startsWith(file + ": the configuration file is "), problem::toString);
    }
  }

  @Test
  void readFile_good_isLoaded(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("isoline.yaml"), "trustedHops: 1\n");

    Loaded loaded = assertInstanceOf(Loaded.class, ConfigurationFile.read(file, DEFAULTS));

    assertEquals(1, loaded.settings().http().trustedHops());
    assertEquals(Set.of("trustedHops"), loaded.keys());
    assertEquals(DEFAULTS.listeners().tls(), loaded.settings().listeners().tls());
  }
}
