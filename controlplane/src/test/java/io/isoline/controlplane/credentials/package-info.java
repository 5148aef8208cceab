@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.credentials;
