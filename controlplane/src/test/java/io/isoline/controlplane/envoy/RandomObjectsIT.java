package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TestCertificate.Algorithm;
import io.isoline.translator.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever objects there are and however they change, Envoy refuses nothing of what they become.
 */
@WithEnvoy
class RandomObjectsIT {

  private static final List<String> HOSTS =
      List.of(
          "",
          "a.example.com",
          "*.example.com",
          "A.Example.Com",
          "b.example.com",
          "*.com",
          "xn--bcher-kva.example",
          "1.2.3.example",
          "-bad.example",
          "under_score.example");
  private static final List<String> PATHS =
      List.of(
          "/",
          "/a",
          "/a/",
          "/a/b",
          "/%C3%A9",
          "/é",
          "/a(b)[c]",
          "/a$b",
          "/x;y=z",
          "/a+b",
          "/%zz",
          "//",
          "/..",
          "noslash",
          "/" + "long".repeat(200),
          "/a,b'c&d");
  private static final List<String> TYPES = List.of("Exact", "Prefix", "ImplementationSpecific");
  private static final List<String> PROTOCOLS =
      List.of("http", "https", "kubernetes.io/h2c", "kubernetes.io/wss", "grpc", "grpcs", "odd");
  private static final List<String> CONDITIONS =
      List.of(
          "{ready: true}",
          "{ready: false}",
          "{ready: false, serving: true, terminating: true}",
          "{}");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void objects_ofAnyKind_areTakenByEnvoy(long seed, Proxy proxy) throws Exception {
    Random random = new Random(seed);
    Map<String, String> objects = new LinkedHashMap<>();
    for (int step = 0; step < 6; step++) {
      for (int i = 0; i < 8; i++) {
        change(random, objects);
      }
      proxy.apply(objects.values().toArray(String[]::new));
      if (step == 3) {
        proxy.configure(settings -> settings(random, settings));
      }
    }
    assertEquals(List.of(), proxy.rejections());
  }

  private static Settings settings(Random random, Settings settings) {
    Settings changed = Records.with(settings, "redirectToHttps", random.nextBoolean());
    changed = Records.with(changed, "trustedHops", random.nextInt(3));
    changed = Records.with(changed, "allowExternalName", random.nextBoolean());
    return Records.with(
        changed, "hsts", new Settings.Hsts(Duration.ofDays(1), random.nextBoolean(), false));
  }

  private static <T> T pick(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static void change(Random random, Map<String, String> objects) {
    int kind = random.nextInt(10);
    String name = "n" + random.nextInt(4);
    if (kind == 0 && !objects.isEmpty()) {
      objects.remove(pick(random, List.copyOf(objects.keySet())));
    } else if (kind < 5) {
      objects.put("Ingress " + name, ingress(random, name));
    } else if (kind < 7) {
      objects.put("Service " + name, service(random, name));
    } else if (kind < 8) {
      objects.put(
          "EndpointSlice " + name,
          Yaml.slice(name, 1 + random.nextInt(65_535), pick(random, CONDITIONS)));
    } else {
      objects.put("Secret " + name, secret(random, name));
    }
  }

  private static String ingress(Random random, String name) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      paths.add("%s %s n%d".formatted(pick(random, TYPES), pick(random, PATHS), random.nextInt(5)));
    }
    String[] all = paths.toArray(String[]::new);
    String host = pick(random, HOSTS);
    return switch (random.nextInt(4)) {
      case 0 -> Yaml.withDefault(name, "n" + random.nextInt(5), host, all);
      case 1 -> Yaml.tlsIngress(name, "n" + random.nextInt(4), host, all);
      case 2 -> Yaml.ingress(name, host, all) + "  tls:\n  - {secretName: n%d}\n".formatted(1);
      default -> Yaml.ingress(name, host, all);
    };
  }

  private static String service(Random random, String name) {
    if (random.nextInt(5) == 0) {
      return """
      apiVersion: v1
      kind: Service
      metadata: {name: %s, namespace: default}
      spec: {type: ExternalName, externalName: %s}
      """
          .formatted(name, pick(random, List.of("backend.invalid", "localhost", "10.0.0.1")));
    }
    return Yaml.service(name, pick(random, PROTOCOLS), List.of());
  }

  private static String secret(Random random, String name) {
    Instant notAfter = Instant.now().plus(Duration.ofDays(random.nextInt(4) == 0 ? -1 : 10));
    TestCertificate certificate =
        TestCertificate.create(
            name,
            random.nextInt(4) == 0 ? Algorithm.RSA : Algorithm.ECDSA,
            notAfter,
            "a.example.com");
    return switch (random.nextInt(4)) {
      case 0 -> TestCertificate.secret(name, "nonsense", certificate.key());
      case 1 ->
          TestCertificate.secret(
              name, certificate.chain(), TestCertificate.of("other", "x.example").key());
      default -> certificate.secret(name);
    };
  }
}
