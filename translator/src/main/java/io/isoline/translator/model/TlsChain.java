package io.isoline.translator.model;

import io.isoline.translator.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One way to take connections of TLS, and the names that clients ask for by SNI to get it. It becomes
 * one filter chain.
 *
 * @param serverNames names and wildcards
 */
public record TlsChain(Key key, SortedSet<Host> serverNames) {

  public TlsChain {
    serverNames = new TreeSet<>(serverNames);
  }

  /** What tells a chain from the others of all listeners, and all that is done by it. */
  public sealed interface Key {

    /** The name of its listener. */
    String listener();

    /** The name of the filter chain in its listener. */
    String name();
  }

  /**
   * TLS is ended, and requests are routed as those of the listener are. The same certificates, shown
   * in the same way, are one chain.
   *
   * @param secrets the names of the Secret resources, at most one for each type of key, in order
   */
  public record Ended(String listener, List<String> secrets, TlsOptions options) implements Key {
    public Ended {
      secrets = List.copyOf(secrets);
    }

    @Override
    public String name() {
      return String.join("+", secrets) + options.ofHosts().id();
    }
  }

  /**
   * Connections are passed on as they are, and the backend ends TLS.
   *
   * @param upstream speaks {@link Upstream.Protocol#TCP}; null for nobody, so that connections are
   *     closed
   * @param addresses whose connections are taken; null for all
   */
  public record Passed(
      String listener, @Nullable Upstream upstream, @Nullable AddressList addresses)
      implements Key {

    /** No name of a Secret begins so. */
    private static final String PREFIX = "passed:";

    @Override
    public String name() {
      if (upstream == null) {
        return PREFIX;
      }
      if (addresses == null) {
        return PREFIX + upstream.name();
      }
      byte[] list = addresses.toString().getBytes(StandardCharsets.UTF_8);
      return PREFIX
          + upstream.name()
          + "+"
          + HexFormat.of().formatHex(Sha256.digest().digest(list), 0, 16);
    }
  }
}
