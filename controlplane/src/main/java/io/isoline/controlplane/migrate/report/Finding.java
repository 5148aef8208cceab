package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.offline.Rank;
import io.isoline.translator.Verdict;
import io.isoline.translator.ingress.Protections;

/**
 * One verdict as the report counts it.
 *
 * @param subject the annotation, or the field without the numbers of list elements, so that equal
 *     wishes of many Ingresses are one
 * @param protection whether it is about an annotation that asks for a protection
 * @param place {@code file:line:column}; empty when the object is in no file
 */
record Finding(Verdict verdict, String subject, Rank rank, boolean protection, String place) {

  private static final String ANNOTATION = "metadata.annotations[";

  static Finding of(Verdict verdict, String place) {
    String subject = subject(verdict.field());
    Rank rank = Rank.of(verdict);
    boolean protection =
        rank == Rank.UNPROTECTED
            || (verdict.field().startsWith(ANNOTATION) && Protections.areAskedBy(subject));
    return new Finding(verdict, subject, rank, protection, place);
  }

  private static String subject(String field) {
    if (field.isEmpty()) {
      return "the whole Ingress";
    }
    return field.startsWith(ANNOTATION) && field.endsWith("]")
        ? field.substring(ANNOTATION.length(), field.length() - 1)
        : field.replaceAll("\\[[0-9]+]", "[]");
  }
}
