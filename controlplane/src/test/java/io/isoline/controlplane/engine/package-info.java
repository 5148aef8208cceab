@NullMarked
package io.isoline.controlplane.engine;

import org.jspecify.annotations.NullMarked;
