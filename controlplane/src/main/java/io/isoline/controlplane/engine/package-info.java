/** The one thread through which everything goes: changes in, resources and verdicts out. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.engine;
