package io.isoline.translator.ingress;

import org.jspecify.annotations.Nullable;

/**
 * One annotation of ingress-nginx, and what Isoline has in its place.
 *
 * @param key without the prefix
 * @param kind what it asks for
 * @param soAnyway the value that asks for what Isoline does anyway, {@code *} for any value, null for
 *     none
 * @param words of a protection what is missing without it, of anything else what its author can do
 *     instead
 */
record NginxAnnotation(
    String key,
    Kind kind,
    @Nullable String soAnyway,
    String words) {

  /** What an annotation asks for. */
  enum Kind {
    /** It keeps somebody out, or limits what somebody can do. */
    PROTECTION,
    /** Anything else. */
    OPTION
  }
}
