package io.isoline.translator.model;

/**
 * Whose requests they are that another backend answers instead. It is told of that in headers.
 *
 * @param namespace of the Ingress
 * @param ingress its name
 * @param service the name of the Service that the path names; empty where no path is for
 *     the request
 * @param port the port of the Service, as the Ingress writes it; empty where no path is for the
 *     request
 */
public record BackendAsked(String namespace, String ingress, String service, String port) {}
