package io.isoline.translator.ingress;

import io.isoline.translator.model.Host;
import java.util.Comparator;

/**
 * A host that an Ingress names by an annotation and not by a rule. Whoever has a rule for it has it.
 *
 * @param main the host of its rules that it is for
 * @param use what it is to that
 * @param dropsSlash whether a redirect drops the last slash of a path without a query
 */
record NamedHost(Host host, Host main, Use use, boolean dropsSlash) {

  static final Comparator<NamedHost> ORDER =
      Comparator.comparing(NamedHost::use)
          .thenComparing(NamedHost::main)
          .thenComparing(NamedHost::host)
          .thenComparing(NamedHost::dropsSlash);

  /** What a named host is to another; the first goes before. */
  enum Use {
    /** It is served as the other is. */
    ALIAS,
    /** Its requests are redirected to the other. */
    REDIRECT
  }

  /** The host with www. before it, or without where it has that; itself where there is none. */
  static Host www(Host host) {
    if (host.isAny() || host.isWildcard()) {
      return host;
    }
    String name = host.pattern();
    String other = name.startsWith("www.") ? name.substring(4) : "www." + name;
    return other.length() > 253 ? host : new Host(other);
  }
}
