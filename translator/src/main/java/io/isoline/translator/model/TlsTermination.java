package io.isoline.translator.model;

import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One way to terminate TLS: the names that clients ask for by SNI, and the certificates that they
 * are shown. It becomes one filter chain.
 *
 * @param serverNames names and wildcards; {@code *} alone for everything that nothing else claims
 * @param secrets the names of the Secret resources, at most one for each type of key, in order
 */
public record TlsTermination(SortedSet<Host> serverNames, List<String> secrets)
    implements Comparable<TlsTermination> {

  private static final Comparator<TlsTermination> ORDER =
      Comparator.comparing(TlsTermination::name);

  public TlsTermination {
    serverNames = new TreeSet<>(serverNames);
    secrets = List.copyOf(secrets);
  }

  /** The name of the filter chain: the same certificates are one chain. */
  public String name() {
    return String.join("+", secrets);
  }

  @Override
  public int compareTo(TlsTermination other) {
    return ORDER.compare(this, other);
  }
}
