/** The commands: what is typed, what is printed, and the exit status. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.cli;
