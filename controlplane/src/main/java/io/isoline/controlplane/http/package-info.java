/** A server for the few pages that a program shows of itself, which slow clients cannot hold up. */
@NullMarked
package io.isoline.controlplane.http;

import org.jspecify.annotations.NullMarked;
