package io.isoline.translator.model;

import io.isoline.translator.ObjectRef;

/**
 * The object, and the field of it, that a row of the model comes from.
 *
 * @param field a JSON path below the object; empty for the object as a whole
 */
public record Origin(ObjectRef object, String field) {}
