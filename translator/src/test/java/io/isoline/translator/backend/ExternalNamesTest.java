package io.isoline.translator.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExternalNamesTest {

  private static final String CLUSTER = "k8s.corp.example";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST.",
        "foo.localhost",
        "localhost.localdomain",
        "ip6-localhost",
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "1.2.3.4",
        "169.254.169.254",
        "127.0.0.0x1",
        "::1",
        "[::1]",
        "::ffff:127.0.0.1",
        "fe80::1",
        "kubernetes",
        "kubernetes.default.svc",
        "kubernetes.default.svc.",
        "Kubernetes.Default.SVC",
        "kubernetes.default.svc.cluster.local",
        "web.other.svc.k8s.corp.example",
        "WEB.other.svc.K8S.corp.example.",
        "k8s.corp.example",
        "printer.local",
        "metadata.google.internal",
        "Metadata.Google.Internal.",
        "metadata.goog",
        "x.metadata.goog",
        "instance-data.ec2.internal",
        "ip-10-0-0-1.eu-west-1.compute.internal",
        "host.docker.internal",
        "gateway.docker.internal",
        "host.containers.internal",
        "kubernetes.docker.internal",
        "router.home.arpa",
        "nas.lan",
        "NAS.LAN.",
        "wiki.corp",
        "wiki.intranet",
        "nas.home",
        "x.private",
        "metadata.tencentyun.com",
        "1.0.ip6.arpa",
        "1.0.0.127.in-addr.arpa",
        "",
        ".",
        "..",
        "example..org",
        "example.org..",
        "-a.example.org",
        "exa mple.org",
        "example.org:80",
        "user@example.org",
        "*.example.org",
        "\u00e4.example.org",
        "\uff4cocalhost",
      })
  void objection_nameThatLeadsInside_isOne(String name) {
    assertNotNull(ExternalNames.objection(ExternalNames.normalized(name), CLUSTER));
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org",
    "Example.ORG., example.org",
    "my_host.example.org, my_host.example.org",
    "a-1.b.example.co.uk, a-1.b.example.co.uk",
    "notlocalhost.example.org, notlocalhost.example.org",
    "svc.example.org, svc.example.org",
    "internal.example.org, internal.example.org",
    "corp.example.com, corp.example.com",
    "notinternal.example, notinternal.example",
    "metadata.good, metadata.good",
    "xn--4ca.example.org, xn--4ca.example.org",
    "notk8s.corp.example, notk8s.corp.example",
  })
  void objection_publicName_isNone(String name, String normalized) {
    assertEquals(normalized, ExternalNames.normalized(name));
    assertNull(ExternalNames.objection(normalized, CLUSTER));
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes, has no dot",
    "printer.local, names below .local are",
    "metadata.goog, metadata server",
    "web.k8s.corp.example, names below .k8s.corp.example are",
    "127.0.0.1, not a DNS name",
  })
  void objection_anyReason_isTheOneThatIsSaid(String name, String words) {
    String objection = ExternalNames.objection(name, CLUSTER);
    assertNotNull(objection);
    assertTrue(objection.contains(words), objection);
  }

  @Test
  void objection_nameOfMoreThan253Characters_isOne() {
    String longest = "a.".repeat(125) + "com";
    assertNull(ExternalNames.objection(longest, CLUSTER));
    assertNotNull(ExternalNames.objection("b" + longest, CLUSTER));
  }
}
