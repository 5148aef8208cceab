package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.isoline.translator.model.RouteSpace;

/**
 * A route that sends requests on, as options are written to it.
 *
 * @param route all of it but the action
 * @param action where requests go, and how
 * @param model what it is made of
 * @param scope by which {@link Names#SCOPE_HEADER} leads to it
 */
record ServedRoute(
    Route.Builder route,
    RouteAction.Builder action,
    io.isoline.translator.model.Route model,
    RouteSpace space,
    String scope) {}
