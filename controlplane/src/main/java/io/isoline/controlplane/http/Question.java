package io.isoline.controlplane.http;

/**
 * A request for a page.
 *
 * @param method GET or HEAD
 * @param path decoded, without the query
 * @param accept the header of that name; empty when there is none
 */
public record Question(String method, String path, String accept) {}
