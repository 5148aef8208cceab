package io.isoline.translator.model;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Answers with one of these statuses are given by another backend: it is asked for a page, and what
 * it answers is what the client gets.
 *
 * @param statuses 400 to 599, at least one
 * @param ofBackends whether that is so for answers of backends too, and not only for those of Envoy
 * @param page who is asked
 * @param asked what the page is told
 */
public record ErrorPages(
    SortedSet<Integer> statuses, boolean ofBackends, Upstream page, BackendAsked asked)
    implements RouteOption {

  public ErrorPages {
    statuses = Collections.unmodifiableSortedSet(new TreeSet<>(statuses));
    if (statuses.isEmpty()) {
      throw new IllegalArgumentException("pages for nothing");
    }
  }
}
