package io.isoline.translator.model;

import java.time.Duration;

/**
 * How long nothing may move in either direction before a request ends, with 504 when its backend has
 * not begun to answer.
 *
 * @param timeout more than zero
 */
public record ReadTimeout(Duration timeout) implements RouteOption {}
