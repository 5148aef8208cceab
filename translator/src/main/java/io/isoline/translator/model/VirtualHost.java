package io.isoline.translator.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host.
 *
 * @param routes in the order in which they are tried
 * @param hasCertificate whether an Ingress gives a certificate for it: what the settings say of
 *     redirects and HSTS is for these
 * @param below of a wildcard whose names at any depth are somebody's: the routes of those that it
 *     does not stand for and that nobody claims; null where these are like any other name
 */
public record VirtualHost(
    Host host, List<Route> routes, boolean hasCertificate, @Nullable List<Route> below) {

  public VirtualHost {
    routes = List.copyOf(routes);
    below = below == null ? null : List.copyOf(below);
  }
}
