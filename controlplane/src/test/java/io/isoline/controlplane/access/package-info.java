@NullMarked
package io.isoline.controlplane.access;

import org.jspecify.annotations.NullMarked;
