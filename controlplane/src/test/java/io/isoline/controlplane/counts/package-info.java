@NullMarked
package io.isoline.controlplane.counts;

import org.jspecify.annotations.NullMarked;
