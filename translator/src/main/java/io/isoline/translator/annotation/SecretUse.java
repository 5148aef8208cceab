package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;

/**
 * A Secret that an annotation has in force, of the Ingress's own namespace.
 *
 * @param field the annotation, as verdicts call it
 */
public record SecretUse(ObjectRef secret, Purpose purpose, String field) {

  private static final String BACKENDS = "TLS to the backends of an Ingress";

  /** What a Secret is to hold for TLS to backends, which are verified or not. */
  public static Purpose forBackends(boolean verified) {
    return verified ? Purpose.VERIFIED_BACKEND_TLS : Purpose.BACKEND_TLS;
  }

  /** What a Secret is to hold. */
  public enum Purpose {
    /** Users and hashes of their passwords, in the form of htpasswd, under the key {@code auth}. */
    USER_FILE("the users of an Ingress"),
    /** The same, where each key is a user. */
    USER_MAP("the users of an Ingress"),
    /** Certificates of those who may issue certificates of clients, under the key {@code ca.crt}. */
    AUTHORITIES("the authorities of certificates of clients"),
    /** A certificate that is shown to backends, authorities of their certificates, or both. */
    BACKEND_TLS(BACKENDS),
    /** The same with authorities in any case. */
    VERIFIED_BACKEND_TLS(BACKENDS);

    private final String words;

    Purpose(String words) {
      this.words = words;
    }

    /** What it is, for the author of the Secret. */
    @Override
    public String toString() {
      return words;
    }
  }
}
