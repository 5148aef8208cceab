/**
 * {@code isoline migrate config}: the ConfigMap of ingress-nginx as Isoline's configuration file,
 * with a verdict for each of its keys.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.migrate.config;
