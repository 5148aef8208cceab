/** {@code isoline migrate report}: what a move from ingress-nginx comes to, for people. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.migrate.report;
