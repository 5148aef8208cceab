package io.isoline.translator.model;

import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The endpoints of a Service's port that get requests.
 *
 * @param endpoints without doubles, in order
 * @param draining that none is ready, and these are still serving while they terminate
 */
public record EndpointSet(SortedSet<Endpoint> endpoints, boolean draining) {

  public static final EndpointSet EMPTY = new EndpointSet(new TreeSet<>(), false);

  public EndpointSet {
    endpoints = new TreeSet<>(endpoints);
  }

  /**
   * One address and port.
   *
   * @param address an IP address, IPv6 without brackets
   * @param port 1 to 65535
   */
  public record Endpoint(String address, int port) implements Comparable<Endpoint> {
    private static final Comparator<Endpoint> ORDER =
        Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port);

    @Override
    public int compareTo(Endpoint other) {
      return ORDER.compare(this, other);
    }
  }
}
