/** What {@code isoline up} adds to a control plane on one machine: backends that answer. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.local;
