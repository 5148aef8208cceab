/** Tests of how Isoline is built. */
@NullMarked
package io.isoline.controlplane.build;

import org.jspecify.annotations.NullMarked;
