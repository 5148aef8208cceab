/** The API server as a source of objects: what is read from it, and how. */
@NullMarked
package io.isoline.controlplane.kubernetes;

import org.jspecify.annotations.NullMarked;
