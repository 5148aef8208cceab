package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * What an Ingress says of spans of its requests. It means nothing without {@link Tracing}.
 *
 * @param on whether there are any; null as the settings say
 * @param operation how they are called: letters, digits, blanks and {@code _ -}; null for the name
 *     of the route
 */
public record Traced(@Nullable Boolean on, @Nullable String operation) implements RouteOption {

  /** Whether requests are traced that say this, or null for nothing. */
  public static boolean isOn(@Nullable Traced said, Tracing tracing) {
    Boolean asked = said == null ? null : said.on();
    return asked == null ? tracing.all() : asked;
  }
}
