/**
 * Facts, and rows that rules derive from them. Each row records what its rule read, and is derived
 * again only when some of that is different. Knows nothing of Kubernetes or Envoy.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.derive;
