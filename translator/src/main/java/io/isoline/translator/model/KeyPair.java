package io.isoline.translator.model;

import com.google.protobuf.ByteString;

/**
 * A certificate that can be served.
 *
 * @param chain in PEM
 * @param key its private key in PEM
 */
public record KeyPair(ByteString chain, ByteString key) {
  /** Leaves the key out, so that no log shows it. */
  @Override
  public String toString() {
    return "KeyPair";
  }
}
