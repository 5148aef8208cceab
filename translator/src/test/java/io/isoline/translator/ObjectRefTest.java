package io.isoline.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.isoline.translator.kube.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ObjectRefTest {

  @Test
  void toString_withAndWithoutNamespace_isForPeople() {
    assertEquals("Ingress default/web", ObjectRef.ingress("default", "web").toString());
    assertEquals("IngressClass isoline", ObjectRef.ingressClass("isoline").toString());
    assertEquals("File a/b.yaml", ObjectRef.file("a/b.yaml").toString());
  }

  @Test
  void compareTo_kindsKnownAndOther_isByTheirTexts() {
    List<ObjectRef> sorted =
        Stream.of(
                ObjectRef.namespace("a"),
                ObjectRef.secret("a", "a"),
                ObjectRef.file("a"),
                ObjectRef.service("a", "a"),
                new ObjectRef(Kind.of("Endpoints"), "a", "a"),
                ObjectRef.endpointSlice("a", "a"),
                new ObjectRef(Kind.of("Pod"), "a", "a"),
                ObjectRef.ingressClass("a"),
                ObjectRef.ingress("b", "a"),
                ObjectRef.ingress("a", "b"),
                ObjectRef.ingress("a", "a"))
            .sorted()
            .toList();

    assertEquals(
        "[EndpointSlice a/a, Endpoints a/a, File a, Ingress a/a, Ingress a/b, Ingress b/a,"
            + " IngressClass a, Namespace a, Pod a/a, Secret a/a, Service a/a]",
        sorted.toString());
  }

  @Test
  void equals_sameTextOfTheKind_isEqual() {
    ObjectRef pod = new ObjectRef(Kind.of("Pod"), "a", "b");

    assertEquals(pod, new ObjectRef(Kind.of("Pod"), "a", "b"));
    assertEquals(pod.hashCode(), new ObjectRef(Kind.of("Pod"), "a", "b").hashCode());
    assertNotEquals(pod, ObjectRef.service("a", "b"));
    assertEquals(ObjectRef.service("a", "b"), new ObjectRef(Kind.of("Service"), "a", "b"));
  }

  @Test
  void hashCode_ofAKnownKind_isThatOfItsText() {
    // So that it is the same in each process.
    assertEquals(
        31 * (31 * "b".hashCode() + "a".hashCode()) + "Service".hashCode(),
        ObjectRef.service("a", "b").hashCode());
  }
}
