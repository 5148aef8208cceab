@NullMarked
package io.isoline.controlplane.replicas;

import org.jspecify.annotations.NullMarked;
