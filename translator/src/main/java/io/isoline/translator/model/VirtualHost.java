package io.isoline.translator.model;

import java.util.List;

/**
 * The routes of one host.
 *
 * @param routes in the order in which they are tried
 * @param hasCertificate whether an Ingress gives a certificate for it: what the settings say of
 *     redirects and HSTS is for these
 * @param deeperRoutes for a wildcard host: the routes of names with more labels than the wildcard
 *     stands for, which Envoy's wildcard takes too; empty otherwise
 * @param deeperHaveCertificate the same as {@code hasCertificate} for these names
 */
public record VirtualHost(
    Host host,
    List<Route> routes,
    boolean hasCertificate,
    List<Route> deeperRoutes,
    boolean deeperHaveCertificate) {

  public VirtualHost {
    routes = List.copyOf(routes);
    deeperRoutes = List.copyOf(deeperRoutes);
  }
}
