package io.isoline.translator.model;

import java.util.List;

/**
 * A cookie that a client without it gets, and that leads its requests to one endpoint.
 *
 * @param name of the cookie
 * @param pinned whether it names the endpoint itself; else it is hashed, as {@link
 *     BackendOptions.Balancing#HASH} does
 * @param attributes of the header Set-Cookie, in their order; HttpOnly is there anyway
 */
public record SessionCookie(String name, boolean pinned, List<Attribute> attributes)
    implements RouteOption {

  public SessionCookie {
    attributes = List.copyOf(attributes);
  }

  /**
   * One of the attributes.
   *
   * @param value empty for one that has none
   */
  public record Attribute(String name, String value) {}
}
