package io.isoline.controlplane.envoy;

import io.isoline.controlplane.envoy.TestCertificate.Algorithm;
import io.isoline.translator.annotation.Annotation;
import io.isoline.translator.annotation.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Manifests from small pools of names and of values that are right, odd or wrong. */
public final class RandomManifests {

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

  private final Random random;
  private final Map<String, String> objects = new LinkedHashMap<>();

  /** None yet. The same random numbers give the same manifests. */
  public RandomManifests(Random random) {
    this.random = random;
  }

  /** One document for each object that there is. */
  public List<String> documents() {
    return List.copyOf(objects.values());
  }

  /** Adds, replaces or removes an object. */
  public void change() {
    int kind = random.nextInt(10);
    String name = "n" + random.nextInt(4);
    if (kind == 0 && !objects.isEmpty()) {
      objects.remove(pick(List.copyOf(objects.keySet())));
    } else if (kind < 5) {
      objects.put("Ingress " + name, ingress(name));
    } else if (kind < 7) {
      objects.put("Service " + name, service(name));
    } else if (kind < 8) {
      objects.put(
          "EndpointSlice " + name,
          Yaml.slice(name, 1 + random.nextInt(65_535), pick(CONDITIONS)));
    } else {
      objects.put("Secret " + name, secret(name));
    }
  }

  private String ingress(String name) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      paths.add("%s %s n%d".formatted(pick(TYPES), pick(PATHS), random.nextInt(5)));
    }
    String[] all = paths.toArray(String[]::new);
    String host = pick(HOSTS);
    String ingress =
        switch (random.nextInt(4)) {
          case 0 -> Yaml.withDefault(name, "n" + random.nextInt(5), host, all);
          case 1 -> Yaml.tlsIngress(name, "n" + random.nextInt(4), host, all);
          case 2 ->
              Yaml.ingress(name, host, all) + "  tls:\n  - {secretName: n%d}\n".formatted(1);
          default -> Yaml.ingress(name, host, all);
        };
    return random.nextBoolean() ? ingress : annotated(ingress);
  }

  /** With some annotations, each with those without which it means nothing. */
  private String annotated(String ingress) {
    Map<String, String> annotations = new TreeMap<>();
    for (int i = 0; i <= random.nextInt(5); i++) {
      for (Annotation<?> each = pick(Annotations.all()); each != null; each = each.within()) {
        annotations.put(Annotations.OWN_PREFIX + each.key(), each.example());
      }
    }
    return Yaml.annotated(
        ingress,
        annotations.entrySet().stream()
            .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
            .toArray(String[]::new));
  }

  private String service(String name) {
    if (random.nextInt(5) == 0) {
      return """
      apiVersion: v1
      kind: Service
      metadata: {name: %s, namespace: default}
      spec: {type: ExternalName, externalName: %s}
      """
          .formatted(name, pick(List.of("backend.invalid", "localhost", "10.0.0.1")));
    }
    return Yaml.service(name, pick(PROTOCOLS), List.of());
  }

  private String secret(String name) {
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

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
