/** Writes the model as Envoy resources. Knows nothing of Ingresses. */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.envoy;
