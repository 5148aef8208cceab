package io.isoline.translator.annotation;

import org.jspecify.annotations.Nullable;

/**
 * What annotations ask of copies of requests.
 *
 * @param host the Host that they have; null for that of the client
 * @param withBodies whether requests are copied that have a body
 * @param field what verdicts on it are on
 */
public record MirrorWish(
    MirrorTarget target, @Nullable String host, boolean withBodies, String field) {}
