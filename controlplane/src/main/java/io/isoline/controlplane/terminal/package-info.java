/** The terminal: what a person is shown, lines of the log included. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.terminal;
