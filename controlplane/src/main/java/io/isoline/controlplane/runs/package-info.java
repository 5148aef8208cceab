/** What {@code serve}, {@code up} and {@code drain --serve} start, and end again. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.runs;
