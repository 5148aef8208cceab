package io.isoline.controlplane.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AdmissionTest {

  private final Admission admission = new Admission(new Admission.Limits(3, 2, 100));

  @Test
  void enter_namespaceThatHasItsPart_waitsForNobodyElse() {
    assertTrue(admission.enter("a", 1));
    assertTrue(admission.enter("a", 1));
    assertFalse(admission.enter("a", 1));
    assertTrue(admission.enter("b", 1));
    assertFalse(admission.enter("c", 1));
    admission.leave("a", 1);
    assertFalse(admission.enter("a", 100));
    assertTrue(admission.enter("a", 98));
    assertEquals(3, admission.questions());
  }

  @Test
  void leave_all_leavesNothing() {
    assertTrue(admission.enter("a", 100));
    admission.leave("a", 100);
    assertEquals(0, admission.questions());
    assertTrue(admission.enter("b", 100));
  }
}
