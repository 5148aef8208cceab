package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict;
import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  private static final List<String> TOKENS =
      List.of(
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
          "\uD83D");

  private static List<Mutation> mutations(Draw draw) {
    return draw.list(
        1,
        6,
        mutation ->
            new Mutation(
                mutation.between(0, VALID.length()),
                mutation.between(0, 12),
                mutation.flag() ? mutation.text(4) : mutation.of(TOKENS)));
  }

  @Test
  void read_mutatedText_isAlwaysAccountedFor() {
    Tries.of(1000)
        .run(
            draw -> {
              String text = VALID;
              for (Mutation mutation : mutations(draw)) {
                text = mutation.of(text);
              }
              isAccountedFor(text);
            });
  }

  private static void isAccountedFor(String text) {
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

  @Test
  void read_anyText_neverThrows() {
    Tries.of(300).run(draw -> assertNotNull(Reading.of(draw.text(255))));
  }

  @Test
  void read_brokenDocumentBetweenOthers_leavesThemAlone() {
    Tries.of(200)
        .run(
            draw -> {
              String broken = Reading.service("broken", 80);
              for (Mutation mutation : mutations(draw)) {
                // A line that ends a document would make more than one of it.
                if (!mutation.text().contains("---") && !mutation.text().contains("...")) {
                  broken = mutation.of(broken);
                }
              }
              leavesOthersAlone(broken);
            });
  }

  private static void leavesOthersAlone(String broken) {
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
