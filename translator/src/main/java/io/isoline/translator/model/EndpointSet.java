package io.isoline.translator.model;

import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The endpoints of a Service's port that get requests: those that are ready, or, where none is, those
 * that still serve while they terminate.
 *
 * @param endpoints without doubles, in order
 */
public record EndpointSet(SortedSet<Endpoint> endpoints) {

  public static final EndpointSet EMPTY = new EndpointSet(new TreeSet<>());

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
