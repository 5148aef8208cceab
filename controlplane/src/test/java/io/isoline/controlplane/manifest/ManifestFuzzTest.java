package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens to a text, it is read: each document ends as an object or as a verdict. */
class ManifestFuzzTest {

  private static final String VALID =
      Reading.ingress("web", "\"*.example.com\"")
          + """
            tls:
              - hosts: [a.example.com]
                secretName: cert
          ---
          apiVersion: v1
          kind: Secret
          metadata: {name: cert, annotations: {a/b: "c"}}
          data: {tls.crt: eA==}
          stringData:
            tls.key: |
              text
          ---
          apiVersion: v1
          kind: List
          items:
            - &service
              apiVersion: v1
              kind: Service
              metadata: {name: web}
              spec: {ports: [{port: 80, targetPort: http}]}
            - apiVersion: discovery.k8s.io/v1
              kind: EndpointSlice
              metadata: {name: web}
              addressType: IPv4
              endpoints: [{addresses: [192.0.2.1]}]
            - apiVersion: extensions/v1beta1
              kind: Ingress
              metadata: {name: old}
              spec: {backend: {serviceName: web, servicePort: 80}}
          """;

  /** Replaces a part of the text. */
  record Mutation(int at, int length, String text) {
    String of(String original) {
      int from = Math.floorMod(at, original.length() + 1);
      int until = Math.min(original.length(), from + length);
      return original.substring(0, from) + text + original.substring(until);
    }
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of(
                "",
                "\n",
                "\t",
                " ",
                ":",
                ": ",
                "- ",
                "---\n",
                "...\n",
                "{",
                "}",
                "[",
                "]",
                "\"",
                "'",
                "*",
                "&a ",
                "*a",
                "!x ",
                "|",
                ">",
                "#",
                "%",
                "@",
                "<<: ",
                "null",
                "~",
                "yes",
                "0x",
                "1e999",
                "-1",
                "99999999999999999999",
                "\r\n",
                "\uFEFF",
                "\u0000",
                "\u0085",
                "? ",
                "spec:",
                "kind: List\n",
                "items: [null, 3, {}]\n",
                "\uD83D"),
            Arbitraries.strings().ofMaxLength(4));
    return Combinators.combine(
            Arbitraries.integers().between(0, VALID.length()),
            Arbitraries.integers().between(0, 12),
            texts)
        .as(Mutation::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Property(tries = 3000)
  void read_mutatedText_isAlwaysAccountedFor(@ForAll("mutations") List<Mutation> mutations) {
    String text = VALID;
    for (Mutation mutation : mutations) {
      text = mutation.of(text);
    }
    var manifests = Reading.of(text);
    assertTrue(
        !manifests.objects().isEmpty() || !manifests.verdicts().isEmpty() || isBlank(text), text);
    assertEquals(
        manifests.objects().size(),
        manifests.objects().stream().map(ManifestObject::ref).distinct().count());
    for (Verdict verdict : manifests.verdicts()) {
      assertFalse(verdict.message().isEmpty());
      assertNotNull(manifests.sources().locate(verdict), verdict::toString);
    }
    for (ManifestObject object : manifests.objects()) {
      assertEquals(object.ref(), object.projection().ref());
    }
  }

  @Property(tries = 1000)
  void read_anyText_neverThrows(@ForAll String text) {
    assertNotNull(Reading.of(text));
  }

  @Property(tries = 500)
  void read_brokenDocumentBetweenOthers_leavesThemAlone(
      @ForAll("mutations") List<Mutation> mutations) {
    String broken = Reading.service("broken", 80);
    for (Mutation mutation : mutations) {
      // A line that ends a document would make more than one of it.
      if (!mutation.text().contains("---") && !mutation.text().contains("...")) {
        broken = mutation.of(broken);
      }
    }
    var manifests =
        Reading.of(
            Reading.service("first", 80)
                + "---\n"
                + broken
                + "\n---\n"
                + Reading.service("last", 80));
    List<String> names = Reading.names(manifests);
    assertTrue(names.contains("Service default/first"), broken);
    assertTrue(names.contains("Service default/last"), broken);
  }

  private static boolean isBlank(String text) {
    return YamlText.read(text).isEmpty();
  }
}
