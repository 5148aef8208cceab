package io.isoline.translator.model;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One way to terminate TLS: the names that clients ask for by SNI, the certificates that they are
 * shown, and what is done with what they send. It becomes one filter chain.
 *
 * @param serverNames names and wildcards
 */
public record TlsChain(Key key, SortedSet<Host> serverNames, Listener.ToHttp target) {

  public TlsChain {
    serverNames = new TreeSet<>(serverNames);
  }

  /**
   * What tells a chain from the others of all listeners. The same certificates, shown in the same
   * way, are one chain.
   *
   * @param listener the name of its listener
   * @param secrets the names of the Secret resources, at most one for each type of key, in order
   */
  public record Key(String listener, List<String> secrets, TlsOptions options) {
    public Key {
      secrets = List.copyOf(secrets);
    }

    /** The name of the filter chain in its listener. */
    public String name() {
      return String.join("+", secrets) + options.ofHosts().id();
    }
  }
}
