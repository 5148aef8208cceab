/** The truth back to the user: addresses in the status of Ingresses, and events. */
@NullMarked
package io.isoline.controlplane.status;

import org.jspecify.annotations.NullMarked;
