package io.isoline.translator.model;

/**
 * A header with its value, both checked.
 *
 * @param name in lower case
 * @param value of visible ASCII and blanks, without blanks around it; may be empty
 */
public record Header(String name, String value) {}
