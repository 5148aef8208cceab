package io.isoline.translator.model;

import java.util.Comparator;
import java.util.List;

/**
 * The routes of one host.
 *
 * @param routes in the order in which they are tried
 * @param options what holds for all requests to the host
 */
public record VirtualHost(Key key, List<Route> routes, HostOptions options) {

  public VirtualHost {
    routes = List.copyOf(routes);
  }

  public Host host() {
    return key.host();
  }

  /**
   * Where it is looked for.
   *
   * @param space the name of a {@link RouteSpace}
   */
  public record Key(String space, Host host) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::space).thenComparing(Key::host);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }
}
