package io.isoline.translator.ingress;

import io.isoline.translator.model.Host;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hosts in the order of their names read from the end, so that those below a wildcard are together
 * and come after it. Owned by one thread.
 */
final class HostTree {

  private final NavigableMap<String, Host> hosts = new TreeMap<>();

  void add(Host host) {
    hosts.put(key(host), host);
  }

  void addAll(Collection<Host> all) {
    all.forEach(this::add);
  }

  void remove(Host host) {
    hosts.remove(key(host));
  }

  boolean contains(Host host) {
    return hosts.containsKey(key(host));
  }

  /** Takes the first out; null when there is none. */
  @Nullable Host poll() {
    var first = hosts.pollFirstEntry();
    return first == null ? null : first.getValue();
  }

  /** All that are below a wildcard at any depth, and not itself: a view. */
  Collection<Host> below(Host wildcard) {
    // No name has a dot in front, so nothing but the wildcard is between these.
    String suffix = reversed(wildcard.pattern().substring(1));
    return hosts.subMap(suffix + "*\0", true, suffix + Character.MAX_VALUE, false).values();
  }

  Collection<Host> all() {
    return Collections.unmodifiableCollection(hosts.values());
  }

  private static String key(Host host) {
    return reversed(host.pattern());
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }
}
