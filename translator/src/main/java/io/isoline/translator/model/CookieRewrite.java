package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of attributes of the cookies that backends set.
 *
 * @param path the beginning of Path and what takes its place; null to leave Path as it is
 * @param domain the Domain, in small letters and without a dot before it, and what takes its place;
 *     null to leave Domain as it is
 */
public record CookieRewrite(@Nullable Replacement path, @Nullable Replacement domain)
    implements RouteOption {

  /** A text, and another in its place. */
  public record Replacement(String from, String to) {}
}
