package io.isoline.translator.kube;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of two objects was first. The one with the earlier creation time was; objects
 * without one (in files) come after those with one, in the order in which they were read.
 *
 * @param created {@code metadata.creationTimestamp}, null when there is none
 * @param ordinal the place in the order of files and documents, from 0; 0 for objects of a cluster
 */
public record Age(@Nullable Instant created, long ordinal) implements Comparable<Age> {

  private static final Comparator<Age> ORDER =
      Comparator.comparing(
              Age::created, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
          .thenComparingLong(Age::ordinal);

  @Override
  public int compareTo(Age other) {
    return ORDER.compare(this, other);
  }
}
