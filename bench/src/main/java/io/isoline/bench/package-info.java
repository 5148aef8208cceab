/** Measures what a change costs. */
@org.jspecify.annotations.NullMarked
package io.isoline.bench;
