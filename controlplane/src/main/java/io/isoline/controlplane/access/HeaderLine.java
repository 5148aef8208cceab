package io.isoline.controlplane.access;

/**
 * A line of the head of an HTTP message. Each byte is the character of its code.
 *
 * @param name in lower case
 */
public record HeaderLine(String name, String value) {}
