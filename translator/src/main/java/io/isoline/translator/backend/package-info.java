/** Services and their EndpointSlices: where requests go in the end. */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.backend;
