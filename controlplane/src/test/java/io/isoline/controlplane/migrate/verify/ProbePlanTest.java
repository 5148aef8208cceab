package io.isoline.controlplane.migrate.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProbePlanTest {

  private static final ProbePlan.Choice BOTH = choice(true, false);

  @Test
  void plan_eachPathAndItsNeighbours_withTlsAndWithout() {
    List<Probe> probes = plan(BOTH, ingress("a.example.com", Map.of(), "/cart"));
    for (String path : List.of("/cart", "/cart/", "/CART", "/", "/isoline-verify-unknown")) {
      assertEquals(
          Set.of(true, false),
          probes.stream()
              .filter(probe -> probe.target().equals(path) && probe.method().equals("GET"))
              .map(Probe::tls)
              .collect(Collectors.toSet()),
          path);
    }
  }

  @Test
  void plan_withoutUnsafe_onlySafeMethods() {
    List<Probe> probes = plan(BOTH, ingress("a.example.com", Map.of(), "/"));
    assertTrue(probes.stream().allMatch(Probe::isSafe));
    List<Probe> all = plan(choice(true, true), ingress("a.example.com", Map.of(), "/"));
    assertTrue(all.stream().anyMatch(probe -> probe.method().equals("DELETE")));
  }

  @Test
  void plan_sameHostAndPathTwice_oneRequest() {
    IngressRecord one = ingress("a.example.com", Map.of(), "/", "/");
    List<Probe> probes = plan(BOTH, one, one);
    assertEquals(probes.size(), probes.stream().map(Probe::key).collect(Collectors.toSet()).size());
  }

  @Test
  void plan_wildcardAndNoHost_namesBelow() {
    assertEquals(
        Set.of("isoline-verify.example.com"), hosts(ingress("*.example.com", Map.of(), "/")));
    assertEquals(Set.of("isoline-verify.invalid"), hosts(ingress(null, Map.of(), "/")));
  }

  @Test
  void plan_aliasesAndWww_areHostsToo() {
    assertEquals(
        Set.of("a.example.com", "www.a.example.com", "b.example.com"),
        hosts(
            ingress(
                "a.example.com",
                Map.of("server-alias", "b.example.com, ~^c", "from-to-www-redirect", "true"),
                "/")));
  }

  @Test
  void plan_hostileHost_isLeftOutAndSaid() {
    ProbePlan.Requests requests = ProbePlan.of(List.of(ingress("a\r\nX: y", Map.of(), "/")), BOTH);
    assertEquals(List.of(), requests.probes());
    assertEquals(1, requests.skipped().size());
  }

  @Test
  void plan_cors_itsOriginsAStrangerAndPreflights() {
    List<Probe> probes =
        plan(
            BOTH,
            ingress(
                "a.example.com",
                Map.of("enable-cors", "true", "cors-allow-origin", "https://*.b.example"),
                "/"));
    assertEquals(
        Set.of("https://isoline-verify.b.example", "https://isoline-verify.invalid"),
        values(probes, "Origin"));
    assertTrue(values(probes, "Access-Control-Request-Method").contains("GET"));
  }

  @Test
  void plan_canary_itsHeaderAndCookie() {
    List<Probe> probes =
        plan(
            BOTH,
            ingress(
                "a.example.com",
                Map.of(
                    "canary", "true",
                    "canary-by-header", "X-Try",
                    "canary-by-header-value", "yes",
                    "canary-by-cookie", "try"),
                "/"));
    assertEquals(Set.of("always", "never", "yes"), values(probes, "X-Try"));
    assertEquals(Set.of("try=always", "try=never"), values(probes, "Cookie"));
  }

  @Test
  void plan_hostileHeader_isNotSent() {
    List<Probe> probes =
        plan(
            BOTH,
            ingress(
                "a.example.com",
                Map.of(
                    "canary", "true", "canary-by-header", "X\r\nEvil", "canary-by-cookie", "a\nb"),
                "/"));
    assertTrue(probes.stream().allMatch(probe -> probe.headers().isEmpty()));
  }

  @Test
  void plan_canaryWeight_backendsByChance() {
    List<Probe> probes =
        plan(
            BOTH,
            ingress("a.example.com", Map.of(), "/"),
            ingress("a.example.com", Map.of("canary", "true", "canary-weight", "20"), "/"));
    assertTrue(probes.stream().allMatch(probe -> probe.origin().random()));
  }

  @Test
  void plan_ownPrefix_goesBeforeThatOfNginx() {
    IngressRecord plain = ingress("a.example.com", Map.of("enable-cors", "true"), "/");
    TreeMap<String, String> annotations = new TreeMap<>(plain.annotations());
    annotations.put("isoline.io/enable-cors", "false");
    IngressRecord both =
        new IngressRecord(
            plain.ref(), plain.age(), "nginx", annotations, null, List.of(), plain.rules());
    assertFalse(plan(BOTH, both).stream().anyMatch(probe -> !probe.headers().isEmpty()));
  }

  @Test
  void plan_chosenHosts_onlyThese() {
    ProbePlan.Choice choice =
        new ProbePlan.Choice(true, true, false, Set.of("b.example.com"), List.of("X-A: b"));
    List<Probe> probes =
        plan(
            choice,
            ingress("a.example.com", Map.of(), "/"),
            ingress("b.example.com", Map.of(), "/"));
    assertTrue(probes.stream().allMatch(probe -> probe.host().equals("b.example.com")));
    assertEquals(Set.of("b"), values(probes, "X-A"));
  }

  private static Set<String> values(List<Probe> probes, String header) {
    return probes.stream()
        .flatMap(probe -> probe.headers().stream())
        .filter(each -> each.name().equals(header))
        .map(Probe.Header::value)
        .collect(Collectors.toSet());
  }

  private static Set<String> hosts(IngressRecord ingress) {
    return plan(BOTH, ingress).stream().map(Probe::host).collect(Collectors.toSet());
  }

  private static List<Probe> plan(ProbePlan.Choice choice, IngressRecord... ingresses) {
    return ProbePlan.of(List.of(ingresses), choice).probes();
  }

  private static ProbePlan.Choice choice(boolean both, boolean unsafe) {
    return new ProbePlan.Choice(true, both, unsafe, Set.of(), List.of());
  }

  private static IngressRecord ingress(
      @Nullable String host, Map<String, String> annotations, String... paths) {
    TreeMap<String, String> named = new TreeMap<>();
    annotations.forEach((key, value) -> named.put("nginx.ingress.kubernetes.io/" + key, value));
    List<IngressRecord.Path> all =
        List.of(paths).stream().map(path -> new IngressRecord.Path(path, "Prefix", null)).toList();
    return new IngressRecord(
        ObjectRef.ingress("shop", "web"),
        new Age(null, 0),
        "nginx",
        named,
        null,
        List.of(),
        List.of(new IngressRecord.Rule(host, all)));
  }
}
