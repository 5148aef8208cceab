package io.isoline.translator.model;

import com.google.protobuf.ByteString;

/**
 * Who may issue certificates of clients.
 *
 * @param certificates in PEM; empty for nobody
 * @param revocations lists of revoked certificates in PEM; empty for none
 */
public record Authorities(ByteString certificates, ByteString revocations) {

  /** No certificate passes. */
  public static final Authorities NOBODY = new Authorities(ByteString.EMPTY, ByteString.EMPTY);
}
