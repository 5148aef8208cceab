package io.isoline.translator.ingress;

import io.isoline.translator.Verdict;

/** What became of an Ingress when it was read: claims, or nothing as it is of another class. */
sealed interface ReadIngress permits IngressReading, ReadIngress.OfAnotherClass {

  /** It is not ours. */
  record OfAnotherClass(Verdict verdict) implements ReadIngress {}
}
