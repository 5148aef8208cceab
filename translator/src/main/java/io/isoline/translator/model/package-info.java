/**
 * The model in the middle: what every source of routes produces, and all that the writer of Envoy
 * resources knows.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.model;
