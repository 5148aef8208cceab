@NullMarked
package io.isoline.controlplane.status;

import org.jspecify.annotations.NullMarked;
