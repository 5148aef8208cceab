package io.isoline.controlplane.migrate.config;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.migrate.config.KeyVerdict.Outcome;
import io.isoline.translator.Settings;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.AuthSettings;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.PortService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConversionTest {

  private static final Settings DEFAULTS = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);

  /** All keys that ingress-nginx 1.15.1 reads, and those that its documentation still has. */
  private static List<String> keys() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/migrate/config/keys.txt"));
  }

  @Test
  void table_everyKeyOfIngressNginx_isThere() throws IOException {
    List<String> missing = keys().stream().filter(key -> NginxKeys.find(key) == null).toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void table_everyKey_isOneOfIngressNginx() throws IOException {
    List<String> known = keys();
    List<String> ours = NginxKeys.all().stream().filter(key -> !known.contains(key)).toList();
    // Others were dropped from ingress-nginx and its documentation, and are still in ConfigMaps.
    assertEquals(
        List.of(),
        ours.stream()
            .filter(
                key ->
                    !key.matches(
                        "http2-push-preload|plugins|enable-opentracing"
                            + "|(opentracing|zipkin|datadog|jaeger|global-rate-limit)-.+"))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "8m",
        "off",
        "99999999999999999999",
        "*",
        "a: b\n- c",
        "'\"{}[]#&*!|>%@`",
        "\u0000\u001b[31m\u202e",
        "4 8k",
        "9999999999 9999999999g",
        "TLSv1.3"
      })
  void everyKey_anyValue_aFileThatIsolineReads(String value) throws Exception {
    for (String key : NginxKeys.all()) {
      Conversion conversion = convert(Map.of(key, value), true);
      assertEquals(1, conversion.verdicts().size(), key);
      load(conversion);
    }
    Map<String, String> all = new LinkedHashMap<>();
    NginxKeys.all().forEach(key -> all.put(key, value));
    load(convert(all, true));
  }

  @Test
  void defaults_emptyConfigMap_whatIngressNginxDoes() throws Exception {
    Settings settings = load(convert(Map.of(), true));
    assertEquals(1 << 20, settings.http().limits().bodyBytes());
    assertEquals(Duration.ofSeconds(60), settings.http().timeouts().streamIdle());
    assertTrue(settings.hosts().redirectToHttps());
    HostSettings.Hsts hsts = settings.hosts().hsts();
    assertNotNull(hsts);
    assertEquals(Duration.ofDays(365), hsts.maxAge());
    assertTrue(hsts.includeSubDomains());
    assertEquals(HttpOptions.HeadersWithUnderscores.DROP, settings.http().headersWithUnderscores());
    assertNotNull(settings.http().accessLog());
  }

  @Test
  void defaults_notWanted_isolinesOwn() throws Exception {
    assertEquals(DEFAULTS, load(convert(Map.of(), false)));
  }

  @Test
  void defaults_eachOfThem_changesSomething() throws Exception {
    Settings all = load(convert(Map.of(), true));
    for (Map.Entry<String, String> each : NginxKeys.DEFAULTS.entrySet()) {
      assertInstanceOf(
          Fate.TakenOver.class,
          requireNonNull(NginxKeys.find(each.getKey()))
              .of(each.getValue(), key -> NginxKeys.DEFAULTS.getOrDefault(key, "")));
    }
    assertFalse(all.equals(DEFAULTS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy-body-size | 8m | limits.requestBody | 8MiB",
        "proxy-body-size | 0 | limits.requestBody | 0",
        "large-client-header-buffers | 4 16k | limits.requestHeaders | 64KiB",
        "client-header-timeout | 90 | timeouts.requestHeaders | 90s",
        "upstream-keepalive-timeout | 1h | timeouts.backendIdle | 60m",
        "http2-max-concurrent-streams | 256 | http2.maxConcurrentStreams | 256",
        "use-proxy-protocol | true | https.proxyProtocol | true",
        "enable-underscores-in-headers | t | headersWithUnderscores | allow",
        "ssl-protocols | TLSv1.3 | tls.minVersion | 1.3",
        "custom-http-errors | '404,503' | errorPages.statuses | [404, 503]",
        "global-auth-url | http://auth/a?b | auth.url | http://auth/a?b",
        "ssl-redirect | false | redirectToHttps | false",
        "hsts | false | hsts | off",
        "disable-access-log | true | accessLog | off",
        "disable-ipv6 | true | ipv6 | false",
        "bind-address | 192.0.2.1 | http.address | 192.0.2.1",
        "use-gzip | true | compression.algorithms | [gzip]",
      })
  void key_withACounterpart_isTakenOver(String key, String value, String path, String setting)
      throws Exception {
    Conversion conversion = convert(Map.of(key, value), false);
    String written = conversion.settings().getOrDefault(path, "");
    assertEquals(setting, written.replace("'", ""));
    assertTrue(conversion.verdicts().getFirst().outcome().compareTo(Outcome.DIFFERS) >= 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enable-modsecurity | true | PROTECTION_LOST",
        "enable-modsecurity | false | ALREADY_SO",
        "whitelist-source-range | 10.0.0.0/8 | PROTECTION_LOST",
        "custom-http-errors | 301 | NO_COUNTERPART",
        "custom-http-errors | all | INVALID",
        "disable-proxy-intercept-errors | true | NOT_NEEDED",
        "global-auth-url | http://$host/ | PROTECTION_LOST",
        "global-auth-url | '' | ALREADY_SO",
        "global-auth-method | POST | NOT_NEEDED",
        "block-user-agents | bad | PROTECTION_LOST",
        "limit-rate | 10 | PROTECTION_LOST",
        "worker-processes | 4 | NOT_NEEDED",
        "enable-opentelemetry | true | NOT_NEEDED",
        "otel-sampler | AlwaysOn | NOT_NEEDED",
        "otel-max-queuesize | 10 | NOT_NEEDED",
        "gzip-level | 5 | NOT_NEEDED",
        "jaeger-endpoint | a | NOT_NEEDED",
        "use-http2 | false | NO_COUNTERPART",
        "server-snippet | deny all; | NO_COUNTERPART",
        "proxy-body-size | much | INVALID",
        "proxy-boddy-size | 8m | UNKNOWN",
        "keep-alive | 0 | NO_COUNTERPART",
      })
  void key_withoutACounterpart_isSaidToBe(String key, String value, Outcome outcome)
      throws Exception {
    Conversion conversion = convert(Map.of(key, value), false);
    assertEquals(outcome, conversion.verdicts().getFirst().outcome());
    assertEquals(Map.of(), conversion.settings());
  }

  @Test
  void globalAuth_allOfIt_isTakenOver() throws Exception {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("global-auth-url", "http://auth.login.svc.cluster.local/check");
    all.put("global-auth-method", "POST");
    all.put("global-auth-signin", "https://login.example.com/start?a=b");
    all.put("global-auth-signin-redirect-param", "back");
    all.put("global-auth-response-headers", "X-Auth-User, X-Auth-Groups");
    all.put("global-auth-request-redirect", "/home");
    all.put("global-auth-cache-key", "$remote_user$http_authorization");
    all.put("global-auth-cache-duration", "200 202 401 30m");
    all.put("global-auth-always-set-cookie", "true");
    all.put("no-auth-locations", "/.well-known/acme-challenge");
    Conversion conversion = convert(all, false);

    assertTrue(
        conversion.verdicts().stream().noneMatch(each -> each.outcome().isFinding()),
        conversion.verdicts().toString());
    AuthSettings auth = load(conversion).ingress().auth();
    assertEquals("POST", auth.method());
    assertEquals(List.of("x-auth-user", "x-auth-groups"), auth.responseHeaders());
    assertEquals("200 202 401 30m", auth.cacheDuration());
    assertNotNull(auth.url());
    assertNotNull(auth.signIn());
    assertNotNull(auth.cacheKey());

    all.put("global-auth-snippet", "proxy_set_header Foo bar;");
    all.put("no-auth-locations", "/health");
    assertEquals(
        List.of(Outcome.PROTECTION_LOST, Outcome.NO_COUNTERPART),
        convert(all, false).verdicts().stream()
            .map(KeyVerdict::outcome)
            .filter(Outcome::isFinding)
            .toList());
  }

  @Test
  void tracing_ofACollector_isTakenOver() throws Exception {
    Map<String, String> keys = new TreeMap<>();
    keys.put("enable-opentelemetry", "true");
    keys.put("otlp-collector-host", "otel.monitoring.svc");
    keys.put("otlp-collector-port", "4318");
    keys.put("otel-service-name", "nginx");
    keys.put("otel-sampler", "TraceIdRatioBased");
    keys.put("otel-sampler-ratio", "0.005");
    keys.put("otel-sampler-parent-based", "true");
    keys.put("opentelemetry-trust-incoming-span", "false");

    Conversion conversion = convert(keys, false);

    assertEquals(
        new Tracing(
            new Tracing.Collector(
                new Tracing.Address("otel.monitoring.svc", 4318), Tracing.Wire.GRPC, null),
            "nginx",
            50,
            true,
            false),
        load(conversion).tracing());
    for (KeyVerdict verdict : conversion.verdicts()) {
      assertTrue(
          verdict.outcome() == Outcome.TAKEN_OVER || verdict.outcome() == Outcome.ALREADY_SO,
          verdict.toString());
    }
  }

  @Test
  void tracing_ofACollectorAlone_trustsClientsAsIngressNginxDoes() throws Exception {
    Conversion conversion = convert(Map.of("otlp-collector-host", "otel.monitoring"), false);

    Tracing tracing = requireNonNull(load(conversion).tracing());
    assertTrue(tracing.trusting());
    assertFalse(tracing.all());
    assertEquals(Tracing.EVERY, tracing.sampling());
    assertEquals(Outcome.DIFFERS, conversion.verdicts().getFirst().outcome());
  }

  @Test
  void key_misspelled_isTheOneThatWasMeant() throws Exception {
    KeyVerdict verdict = convert(Map.of("proxy-boddy-size", "8m"), false).verdicts().getFirst();
    assertEquals("did you mean proxy-body-size?", verdict.fix());
  }

  @Test
  void key_withAnInvalidValue_theDefaultOfIngressNginx() throws Exception {
    Conversion conversion = convert(Map.of("ssl-redirect", "maybe"), true);
    assertEquals("true", conversion.settings().get("redirectToHttps"));
  }

  @Test
  void times_ofBothDirections_theLonger() throws Exception {
    Conversion conversion =
        convert(Map.of("proxy-read-timeout", "30", "proxy-send-timeout", "90"), true);
    assertEquals("90s", conversion.settings().get("timeouts.streamIdle"));
  }

  @Test
  void settings_offWithParts_isOff() throws Exception {
    Settings settings = load(convert(Map.of("hsts", "false", "hsts-max-age", "10"), true));
    assertEquals(null, settings.hosts().hsts());
  }

  private static Conversion ofText(String text) throws Exception {
    return Conversion.of(ConfigMapReader.read("f", text), false);
  }

  @Test
  void ports_ofTcpAndUdpServices_areTakenOver() throws Exception {
    Conversion conversion =
        ofText(
            """
            tcp: {'5432': 'db/postgres:5432::PROXY', '9000': 'a/b:c:proxy', '9001': 'a/b:1:x'}
            udp: {'53': 'a/b:dns', '5432': 'a/b:53:PROXY'}
            """);
    assertEquals(
        List.of(
            "5432=db/postgres:5432::PROXY",
            "9000=a/b:c:PROXY",
            "9001=a/b:1",
            "53=a/b:dns",
            "5432=a/b:53"),
        load(conversion).listeners().ports().stream().map(PortService::toString).toList());
    assertTrue(
        conversion.verdicts().stream().allMatch(each -> each.outcome() == Outcome.TAKEN_OVER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp | 0 | a/b:1 | INVALID",
        "tcp | 65536 | a/b:1 | INVALID",
        "tcp | 99999999999999999999 | a/b:1 | INVALID",
        "tcp | http | a/b:1 | INVALID",
        "tcp | 9000 | b:1 | INVALID",
        "tcp | 9000 | a/b | INVALID",
        "tcp | 9000 | '' | INVALID",
        "tcp | 9000 | a/b/c:1 | INVALID",
        "tcp | 9000 | a/b:0 | INVALID",
        "tcp | 9000 | A/b:1 | INVALID",
        "tcp | 9000 | a/b'\"{}[]#&*!>%@`:1 | INVALID",
        "tcp | 443 | a/b:1 | INVALID",
        "tcp | 8080 | a/b:1 | NO_COUNTERPART",
        "udp | 8080 | a/b:1 | TAKEN_OVER",
        "tcp | 9000 | a/b:1:PROXY:PROXY:PROXY | TAKEN_OVER",
      })
  void ports_anyValue_hasAVerdictAndAFileThatIsolineReads(
      String name, String port, String value, Outcome outcome) throws Exception {
    Conversion conversion =
        Conversion.of(
            List.of(
                new NginxConfigMap(
                    name, Map.of(port, new NginxConfigMap.Entry(String.valueOf(value), "f:1")))),
            false);
    assertEquals(1, conversion.verdicts().size());
    assertEquals(outcome, conversion.verdicts().getFirst().outcome());
    assertEquals(
        outcome == Outcome.TAKEN_OVER ? 1 : 0, load(conversion).listeners().ports().size());
  }

  @Test
  void ports_inTwoConfigMaps_areTakenOverOnce() throws Exception {
    List<NginxConfigMap> maps = new ArrayList<>();
    for (String name : List.of("x/tcp-services", "y/tcp-services")) {
      maps.add(
          new NginxConfigMap(name, Map.of("9000", new NginxConfigMap.Entry("a/b:1", "f:1"))));
    }
    Conversion conversion = Conversion.of(maps, false);
    assertEquals(1, load(conversion).listeners().ports().size());
    assertEquals(Outcome.INVALID, conversion.verdicts().getFirst().outcome());
  }

  @Test
  void ports_ofAConfigMapWithAnotherName_areLeftToTheReader() throws Exception {
    Conversion conversion =
        Conversion.of(
            List.of(
                new NginxConfigMap(
                    "x/ports", Map.of("9000", new NginxConfigMap.Entry("a/b:1", "f:1")))),
            false);
    assertEquals(Outcome.NO_COUNTERPART, conversion.verdicts().getFirst().outcome());
    assertTrue(conversion.verdicts().getFirst().fix().contains("'9000=a/b:1'"));
  }

  @Test
  void reader_helmValues_areTheConfigMap() throws Exception {
    List<NginxConfigMap> maps =
        ConfigMapReader.read("f", "controller:\n  config:\n    proxy-body-size: 8m\n");
    assertEquals("f:3", requireNonNull(maps.getFirst().data().get("proxy-body-size")).place());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: [' | is not YAML",
        "'{kind: ConfigMap, data: {a: [1]}}' | the value of a is no text",
        "'{kind: ConfigMap, data: {a: b, a: c}}' | twice",
      })
  void reader_badText_saysWhereAndWhy(String text, String words) {
    String message =
        String.valueOf(
            assertThrows(
                    ConfigMapReader.UnreadableException.class,
                    () -> ConfigMapReader.read("f", text))
                .getMessage());
    assertTrue(message.startsWith("f:1") && message.contains(words), message);
  }

  @Test
  void reader_deepNesting_refused() {
    assertThrows(
        ConfigMapReader.UnreadableException.class,
        () -> ConfigMapReader.read("f", "[".repeat(10_000)));
  }

  @Test
  void configMaps_noneOrSeveral_refused() {
    assertThrows(Conversion.RefusedException.class, () -> Conversion.of(List.of(), true));
    NginxConfigMap map =
        new NginxConfigMap("a/b", Map.of("hsts", new NginxConfigMap.Entry("true", "f:1")));
    assertThrows(Conversion.RefusedException.class, () -> Conversion.of(List.of(map, map), true));
  }

  private static Conversion convert(Map<String, String> data, boolean defaults)
      throws Conversion.RefusedException {
    Map<String, NginxConfigMap.Entry> entries = new LinkedHashMap<>();
    data.forEach((key, value) -> entries.put(key, new NginxConfigMap.Entry(value, "f:1")));
    return Conversion.of(List.of(new NginxConfigMap("a/b", entries)), defaults);
  }

  private static Settings load(Conversion conversion) {
    ConfigurationFile.Reading reading =
        ConfigurationFile.read(conversion.file(), "isoline.yaml", DEFAULTS);
    return assertInstanceOf(
            ConfigurationFile.Loaded.class, reading, () -> conversion.file() + reading)
        .settings();
  }
}
