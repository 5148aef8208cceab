package io.isoline.translator.model;

/**
 * How TLS is spoken with clients. It is part of what tells one chain from another.
 *
 * @param minVersion the lowest version that is accepted
 * @param ofHosts what the hosts of the chain have otherwise
 */
public record TlsOptions(Version minVersion, HostTls ofHosts) {

  /** A version of TLS. */
  public enum Version {
    TLSv1_2,
    TLSv1_3
  }
}
