package io.isoline.translator.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One route of a virtual host.
 *
 * @param name what access logs show of it: {@code ingress/NAMESPACE/NAME}, or what Isoline itself
 *     calls it
 * @param origin null for a route that no object asked for
 */
public record Route(
    String name,
    @Nullable Origin origin,
    RouteMatch match,
    RouteAction action,
    RouteOptions options) {

  /** A route that no object asked for, for all requests. */
  public static Route own(String name, RouteAction action) {
    return new Route(name, null, RouteMatch.ALL, action, RouteOptions.NONE);
  }

  /** The backends that get requests by it, or are asked for pages. */
  public List<Upstream> upstreams() {
    List<Upstream> upstreams = new ArrayList<>();
    if (action instanceof RouteAction.Forward forward) {
      forward.split().backends().forEach(weighted -> upstreams.add(weighted.upstream()));
    }
    ErrorPages pages = options.get(ErrorPages.class);
    if (pages != null) {
      upstreams.add(pages.page());
    }
    return upstreams;
  }

  /** Who gets copies of requests by it; null for nobody. */
  public @Nullable Upstream copiedTo() {
    Mirror mirror = options.get(Mirror.class);
    return mirror == null ? null : mirror.to();
  }
}
