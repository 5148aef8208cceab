package io.isoline.translator.ingress;

import java.util.Comparator;

/** What makes a host one that is looked at: a rule of an Ingress, or that it is named elsewhere. */
sealed interface SaidOfHost permits IngressReading, SaidOfHost.Mark {

  /** That a host is named other than by a rule. */
  enum Mark implements SaidOfHost {
    /** By an Ingress, with a Secret. */
    TLS,
    /** By an Ingress, with an annotation. */
    NAMED,
    /** By what was given to a namespace. */
    GIVEN,
    /** Not at all: it stands for the hosts that nobody names. */
    ANY
  }

  /** The Ingresses that have a rule, the oldest first, and then the marks. */
  Comparator<SaidOfHost> ORDER =
      (one, other) ->
          switch (one) {
            case IngressReading a ->
                other instanceof IngressReading b ? IngressReading.OLDEST_FIRST.compare(a, b) : -1;
            case Mark a -> other instanceof Mark b ? a.compareTo(b) : 1;
          };
}
