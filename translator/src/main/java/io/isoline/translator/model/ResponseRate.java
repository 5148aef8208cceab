package io.isoline.translator.model;

/**
 * How fast the body of each answer is sent.
 *
 * @param kilobytes in a second, of 1,024 bytes; at least 1
 */
public record ResponseRate(long kilobytes) implements RouteOption {}
