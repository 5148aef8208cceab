package io.isoline.translator.model;

/** Has a backend that speaks HTTP/1.1 close the connection after each request. */
public record ConnectionForEach() implements RouteOption {}
