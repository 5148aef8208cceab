package io.isoline.translator.model;

/**
 * How TLS is spoken with clients. It is part of what tells one chain from another.
 *
 * @param minVersion the lowest version that is accepted
 */
public record TlsOptions(Version minVersion) {

  /** A version of TLS. */
  public enum Version {
    TLSv1_2,
    TLSv1_3
  }
}
