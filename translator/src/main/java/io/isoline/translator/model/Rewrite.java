package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * Another path than that of the request is sent to the backend; the query stays. A request whose new
 * path would have an empty or a relative element is denied.
 *
 * @param pattern for the path with its query, all of it, in the syntax of RE2, checked
 * @param path what the pattern becomes: a path without a query
 * @param forwardedPrefix what the pattern becomes as {@code X-Forwarded-Prefix}; null where that
 *     header is left alone
 */
public record Rewrite(String pattern, String path, @Nullable String forwardedPrefix)
    implements RouteOption {}
