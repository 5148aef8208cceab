/**
 * Kubernetes objects in, Envoy resources and verdicts out. A pure library: no client, no gRPC, no
 * threads, no clock and no files.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.translator;
