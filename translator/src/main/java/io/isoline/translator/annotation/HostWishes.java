package io.isoline.translator.annotation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of an Ingress ask for its hosts as a whole. Who may decide that is known only
 * beside all others that name them.
 *
 * @param root where requests for / of its hosts are sent; null for nowhere
 * @param aliases what is to be served as its first host is; null for nothing
 * @param www whether each host is to get the requests of the one with www. before it, or without
 */
public record HostWishes(
    @Nullable Wish<String> root, @Nullable Wish<List<String>> aliases, @Nullable Wish<Boolean> www) {

  /** Nothing. */
  static final HostWishes NONE = new HostWishes(null, null, null);

  /**
   * One of them.
   *
   * @param field how verdicts call it
   */
  public record Wish<T>(String field, T value) {}
}
