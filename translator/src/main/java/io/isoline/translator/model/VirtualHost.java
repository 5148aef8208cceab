package io.isoline.translator.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host.
 *
 * @param routes in the order in which they are tried
 * @param options what holds for all requests to the host
 * @param below of a wildcard whose names at any depth are somebody's: the routes of those that it
 *     does not stand for and that nobody claims; null where these are like any other name
 */
public record VirtualHost(
    Host host, List<Route> routes, HostOptions options, @Nullable List<Route> below) {

  public VirtualHost {
    routes = List.copyOf(routes);
    below = below == null ? null : List.copyOf(below);
  }
}
