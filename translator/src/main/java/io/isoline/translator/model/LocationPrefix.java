package io.isoline.translator.model;

/**
 * That Location of answers of backends is written anew where it begins with a text.
 *
 * @param from the text, 1 to 500 characters without a backslash
 * @param to what it becomes, without a backslash
 */
public record LocationPrefix(String from, String to) implements RouteOption {}
