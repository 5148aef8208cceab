package io.isoline.translator;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes the SHA-256 digests that tell contents apart: of resources, of sets of them, of Ingresses.
 */
public final class Sha256 {

  /** Not used itself: a copy is made in less time than a provider is found. */
  private static final MessageDigest EMPTY = find();

  private Sha256() {}

  /** A digest of nothing yet. */
  public static MessageDigest digest() {
    try {
      return (MessageDigest) EMPTY.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("what the Java platform brings along can be cloned", e);
    }
  }

  private static MessageDigest find() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
