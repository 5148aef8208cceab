/**
 * The annotations of Ingresses that Isoline acts on: what their values may be, and what they make of
 * the routes. A file holds those of one subject; {@link Annotations} lists the subjects.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.annotation;
