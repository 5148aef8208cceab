package io.isoline.translator.model;

/** What happens to a request. */
public sealed interface RouteAction {

  /** It goes to a cluster. */
  record Forward(Upstream upstream) implements RouteAction {}

  /** It gets this status without a backend. */
  record DirectResponse(int status) implements RouteAction {}
}
