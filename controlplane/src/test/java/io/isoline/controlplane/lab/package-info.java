/**
 * Isoline on a real API server: tutorials, failures, the chart.
 *
 * <p>A test class that is marked {@link io.isoline.controlplane.lab.WithLab} takes a {@link
 * io.isoline.controlplane.lab.Cluster} when an API server is all that it needs, and a {@link
 * io.isoline.controlplane.lab.Lab} when pods have to answer or parts of the cluster have to fail.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.lab;
