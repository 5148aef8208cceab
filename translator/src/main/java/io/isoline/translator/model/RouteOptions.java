package io.isoline.translator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the requests of a route on their way.
 *
 * @param redirectsToHttps whether plain HTTP is answered by 308 to HTTPS
 * @param all at most one of each kind, in the order of their names
 */
public record RouteOptions(boolean redirectsToHttps, List<RouteOption> all) {

  private static final Comparator<RouteOption> BY_KIND =
      Comparator.comparing(option -> option.getClass().getName());

  /** Nothing. */
  public static final RouteOptions NONE = new RouteOptions(false, List.of());

  public RouteOptions {
    all = all.size() < 2 ? List.copyOf(all) : all.stream().sorted(BY_KIND).toList();
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i - 1).getClass() == all.get(i).getClass()) {
        throw new IllegalArgumentException("two of " + all.get(i).getClass().getSimpleName());
      }
    }
  }

  /** The option of a kind; null when there is none. */
  public <O extends RouteOption> @Nullable O get(Class<O> kind) {
    for (RouteOption option : all) {
      if (kind.isInstance(option)) {
        return kind.cast(option);
      }
    }
    return null;
  }

  public boolean has(Class<? extends RouteOption> kind) {
    return get(kind) != null;
  }

  /** The same and more, which take the place of those of their kinds. */
  public RouteOptions with(Collection<? extends RouteOption> more) {
    List<RouteOption> with = new ArrayList<>(all);
    for (RouteOption option : more) {
      with.removeIf(other -> other.getClass() == option.getClass());
      with.add(option);
    }
    return new RouteOptions(redirectsToHttps, with);
  }
}
