package io.isoline.translator.model;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a Secret has for TLS to a backend.
 *
 * @param certificate what is shown to the backend; null for nothing
 * @param authorities who may issue the certificate of the backend, in PEM; empty for nobody
 */
public record BackendCredentials(@Nullable KeyPair certificate, ByteString authorities) {

  /** Nothing is shown, and nobody vouches for anybody. */
  public static final BackendCredentials NONE = new BackendCredentials(null, ByteString.EMPTY);
}
