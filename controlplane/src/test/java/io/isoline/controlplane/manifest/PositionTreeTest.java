package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.isoline.controlplane.manifest.YamlValue.Entry;
import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PositionTreeTest {

  /** Has a time limit, as a scan of all keys for each of them takes many minutes. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void nearest_eachOfManyKeys_isFoundWithoutALookAtTheOthers() {
    int keys = 200_000;
    var annotations = new Mapping(1, 1);
    for (int i = 0; i < keys; i++) {
      annotations.entries().put("example.com/key-" + i, entry(i + 1));
    }
    PositionTree tree = PositionTree.of(annotations);
    for (int i = 0; i < keys; i++) {
      assertEquals(i + 1, tree.nearest("[example.com/key-" + i + "]").key("f").line());
    }
  }

  @Test
  void nearest_keysInNoOrder_eachHasItsOwnPlace() {
    var mapping = new Mapping(1, 1);
    mapping.entries().put("spec", entry(4));
    mapping.entries().put("apiVersion", entry(2));
    mapping.entries().put("kind", entry(3));
    PositionTree tree = PositionTree.of(mapping);
    assertEquals(2, tree.nearest("apiVersion").key("f").line());
    assertEquals(3, tree.nearest("kind").key("f").line());
    assertEquals(4, tree.nearest("spec").key("f").line());
    assertSame(tree, tree.nearest("other"));
  }

  @Test
  void withAlias_ofAFieldThatIsThere_isFoundUnderBothNames() {
    var spec = new Mapping(2, 3);
    spec.entries().put("rules", entry(5));
    spec.entries().put("backend", entry(3));
    var object = new Mapping(1, 1);
    object.entries().put("spec", new Entry(1, 1, spec));
    PositionTree tree = PositionTree.of(object).withAlias("spec", "backend", "defaultBackend");
    assertEquals(3, tree.nearest("spec.defaultBackend").key("f").line());
    assertEquals(3, tree.nearest("spec.backend").key("f").line());
    assertEquals(5, tree.nearest("spec.rules").key("f").line());
  }

  private static Entry entry(int line) {
    return new Entry(line, 1, new Scalar(line, 5, Scalar.Kind.STRING, "x", true));
  }
}
