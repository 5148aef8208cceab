package io.isoline.translator.annotation;

import java.util.List;

/** The annotations of one subject, and what their values come to together. */
interface Subject {

  /** Those that belong to it, in the order of the documentation. */
  List<Annotation<?>> annotations();

  /**
   * Enters what the values of one Ingress ask for.
   *
   * @param values those that could be read
   * @param policy what the routes of the Ingress are to do
   */
  void apply(Values values, Policy.Builder policy);
}
