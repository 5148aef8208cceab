package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * Requests are copied, and nobody reads the answers.
 *
 * @param to who gets the copies
 * @param host the Host that they have; null for that of the request
 * @param path path and query that they have: {@code $request_uri}, {@code $args}, {@code
 *     $query_string} and {@code $is_args} are replaced; the query is added to one without these
 * @param withCredentials whether they have what clients prove with who they are
 */
public record Mirror(Upstream to, @Nullable String host, String path, boolean withCredentials)
    implements RouteOption {}
