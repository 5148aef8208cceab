package io.isoline.translator.model;

import io.isoline.translator.model.Upstream.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks of its backend otherwise than the Service says. Each variant of a Service's port
 * is a cluster of its own.
 *
 * @param protocol null for that of the Service's port
 */
public record BackendOptions(@Nullable Protocol protocol) {

  /** As the Service says. */
  public static final BackendOptions NONE = new BackendOptions(null);
}
