package io.isoline.translator.model;

/**
 * That redirects to HTTPS, where there are any, are those of ingress-nginx: only rules for the path of
 * ACME challenges have none.
 *
 * @param keepsSlash whether a slash at the end of a path without a query stays
 */
public record NginxHttpsRedirect(boolean keepsSlash) implements RouteOption {}
