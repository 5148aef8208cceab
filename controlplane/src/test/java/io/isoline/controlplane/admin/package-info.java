@NullMarked
package io.isoline.controlplane.admin;

import org.jspecify.annotations.NullMarked;
