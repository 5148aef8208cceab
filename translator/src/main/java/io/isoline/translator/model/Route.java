package io.isoline.translator.model;

/**
 * One route of a virtual host.
 *
 * @param origin the object that asked for it, {@code ingress/namespace/name}: shown in access logs
 */
public record Route(String origin, PathMatch match, RouteAction action) {}
