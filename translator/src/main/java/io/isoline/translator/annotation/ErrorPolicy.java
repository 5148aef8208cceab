package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who answers in the place of backends that fail.
 *
 * @param statuses for which a page is asked for; may be empty
 * @param statusesField how verdicts call the annotation that lists them
 * @param ofBackends whether also answers of backends with these are replaced
 * @param service who is asked, and answers where a Service has no endpoint; null for the operator's
 *     default backend, which gives pages only
 * @param serviceField how verdicts call the annotation that names it
 */
public record ErrorPolicy(
    SortedSet<Integer> statuses,
    String statusesField,
    boolean ofBackends,
    @Nullable ObjectRef service,
    String serviceField) {

  public ErrorPolicy {
    statuses = Collections.unmodifiableSortedSet(new TreeSet<>(statuses));
  }
}
