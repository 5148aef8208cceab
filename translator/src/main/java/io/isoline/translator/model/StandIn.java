package io.isoline.translator.model;

/**
 * The backend of the route answers for another one, which has no endpoint.
 *
 * @param asked what it is told
 */
public record StandIn(BackendAsked asked) implements RouteOption {}
