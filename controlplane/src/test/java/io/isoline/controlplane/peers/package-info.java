@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.peers;
