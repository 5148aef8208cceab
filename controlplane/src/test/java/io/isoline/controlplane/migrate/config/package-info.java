@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.migrate.config;
