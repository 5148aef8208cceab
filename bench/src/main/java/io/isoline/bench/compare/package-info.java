/** Measures Isoline beside Contour, each with an Envoy, on one API server. */
@org.jspecify.annotations.NullMarked
package io.isoline.bench.compare;
