package io.isoline.translator.model;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is tried again, each time on an endpoint that was not tried before where there is one. What a
 * backend may act on twice is tried again of idempotent methods only.
 *
 * @param onError whether, also of other methods, what no backend can have begun to act on is tried
 *     again
 * @param onTimeout whether the time of {@link ReadTimeout} is that of one try
 * @param statuses of answers that are tried again
 * @param anyMethod whether all methods count as idempotent
 * @param tries how often a request is sent at most, the first time included, 1 or more
 * @param within after this time no try begins that follows one which took the time of {@link
 *     ReadTimeout}; null for no limit
 */
public record Retries(
    boolean onError,
    boolean onTimeout,
    SortedSet<Integer> statuses,
    boolean anyMethod,
    int tries,
    @Nullable Duration within)
    implements RouteOption {

  /** The defaults of ingress-nginx. */
  public static final Retries OF_NGINX =
      new Retries(true, true, new TreeSet<>(), false, 3, null);

  public Retries {
    statuses = Collections.unmodifiableSortedSet(new TreeSet<>(statuses));
  }
}
