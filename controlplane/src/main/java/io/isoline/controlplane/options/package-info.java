/** Groups of options that several commands share, and the values that are made of them. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.options;
