/** The whole control plane on a real Envoy: Ingresses in, answers to requests out. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.envoy;
