package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;

/**
 * Has Envoy try a request again whose connection broke before an answer began, where its method is
 * idempotent: the backend may have acted on it; and one whose answer has a status that the route names.
 *
 * <p>A retry policy cannot tell methods apart: its {@code retriable_request_headers} would take
 * from the other methods what they are retried on as well. So the {@link Gate} adds, by the header of
 * the router, to what the policy of the virtual host says; the router drops that header. What clients
 * send in it is gone before.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2">RFC 9110, idempotent
 *     methods</a>
 */
final class ResetRetry {

  static final HeaderMatcher IDEMPOTENT =
      HeaderMatcher.newBuilder()
          .setName(":method")
          .setStringMatch(RouteWriter.expression("GET|HEAD|OPTIONS|PUT|DELETE|TRACE"))
          .build();

  /** Of the router, that adds to what the policy says. */
  static final String HEADER = "x-envoy-retry-on";

  /** The second means nothing where the policy names no status. */
  static final String CONDITIONS = "reset,retriable-status-codes";

  static final HeaderMutation RETRIED_ON_RESET = RouteWriter.set(HEADER, CONDITIONS).build();

  private ResetRetry() {}
}
