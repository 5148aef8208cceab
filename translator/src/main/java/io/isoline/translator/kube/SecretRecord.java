package io.isoline.translator.kube;

import com.google.protobuf.ByteString;
import io.isoline.translator.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * A Secret that may hold a TLS certificate. The values are decoded from Base64.
 *
 * @param type {@code type}, {@code kubernetes.io/tls} for example; empty when not given
 * @param certificate {@code data["tls.crt"]}: the chain in PEM, the leaf first
 * @param privateKey {@code data["tls.key"]} in PEM
 */
public record SecretRecord(
    ObjectRef ref, String type, @Nullable ByteString certificate, @Nullable ByteString privateKey)
    implements ClusterObject {

  /** Leaves the key out, so that no log shows it. */
  @Override
  public String toString() {
    return ref + " (" + type + ")";
  }
}
