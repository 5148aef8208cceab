package io.isoline.translator.model;

/**
 * How certificates of clients are verified while TLS begins. A connection goes on whatever comes of
 * it: what that means for a request is said by the {@link ClientCheck} of its host.
 *
 * @param authorities the name of the resource with the certificates of those who may issue them
 * @param depth how many certificates may be between the client's and that of an authority
 */
public record ClientVerification(String authorities, int depth) {

  /** The same text for the same verification, and for no other. */
  public String id() {
    return authorities + " " + depth;
  }
}
