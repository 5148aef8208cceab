package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceMapTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final Manifests MANIFESTS =
      Reading.of(
          """
          # a comment
          apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata:
            name: web
            annotations:
              nginx.ingress.kubernetes.io/rewrite-target: /
          spec:
            rules:
              - host: a.example.com
                http:
                  paths:
                    - {path: /a, pathType: Prefix}
                    - path: /b
          """);

  @ParameterizedTest
  @CsvSource({
    "'',2:1,2:1",
    "spec,8:1,9:3",
    "spec.rules[0],10:7,10:7",
    "spec.rules[0].host,10:7,10:13",
    "spec.rules[0].http.paths[1],14:13,14:13",
    "spec.rules[0].http.paths[0].pathType,13:24,13:34",
    "spec.rules[0].http.paths[1].backend.service.name,14:13,14:13",
    "spec.rules[7].host,9:3,10:5",
    "metadata.annotations[nginx.ingress.kubernetes.io/rewrite-target],7:5,7:49",
    "metadata.annotations.nginx.ingress.kubernetes.io/rewrite-target,7:5,7:49",
    "metadata.annotations[other],6:3,7:5",
    "status,2:1,2:1",
    "..[[]].,2:1,2:1",
    "spec.rules[0,10:7,10:7",
  })
  void location_ofAField_isItsOwnOrThatOfItsNearestParent(String field, String key, String value) {
    SourceMap.Location location = MANIFESTS.sources().location(WEB, field);
    assertEquals(new SourceMap.Location(position(key), position(value)), location);
  }

  private static Position position(String lineAndColumn) {
    String[] parts = lineAndColumn.split(":", 2);
    return new Position("test.yaml", Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  @Test
  void locate_verdictOfTheTranslation_findsItsField() {
    var verdict =
        new Verdict(
            WEB, "spec.rules[0].host", Outcome.REFUSED, Reason.Conflict, "lost", "rename it");
    assertEquals("test.yaml:10:7", String.valueOf(MANIFESTS.sources().locate(verdict)));
  }

  @Test
  void locate_unknownObject_isNull() {
    assertNull(MANIFESTS.sources().locate(ObjectRef.ingress("other", "web"), "spec"));
  }

  @Test
  void locate_file_findsDocuments() {
    assertEquals(
        "test.yaml:8:1",
        String.valueOf(
            MANIFESTS
                .sources()
                .locate(ObjectRef.file("test.yaml"), "document[0].spec")));
  }

  /** As many as fit into an object, and found without looking at all of the others. */
  @Test
  void location_ofManyKeys_isThatOfEach() {
    int count = 9000;
    StringBuilder text =
        new StringBuilder("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n");
    for (int i = 0; i < count; i++) {
      text.append("    example.com/").append(i * 7919 % count).append(": x\n");
    }
    SourceMap sources = Reading.of(text.toString()).sources();
    for (int i = 0; i < count; i++) {
      String field = "metadata.annotations[example.com/" + i * 7919 % count + "]";
      assertEquals(
          new Position("test.yaml", 6 + i, 5),
          sources.locate(ObjectRef.service("default", "web"), field));
    }
    assertEquals(
        new Position("test.yaml", 5, 3),
        sources.locate(ObjectRef.service("default", "web"), "metadata.annotations[none]"));
  }
}
