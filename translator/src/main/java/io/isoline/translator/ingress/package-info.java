/** Reads Ingresses and what they refer to into the model. Knows nothing of Envoy. */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.ingress;
