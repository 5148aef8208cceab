package io.isoline.translator.kube;

import com.google.protobuf.ByteString;
import io.isoline.translator.ObjectRef;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Secret that an object may name.
 *
 * @param type {@code type}, {@code kubernetes.io/tls} for example; empty when not given
 * @param data by key, decoded from Base64; empty where that failed
 */
public record SecretRecord(ObjectRef ref, String type, SortedMap<String, ByteString> data)
    implements ClusterObject {

  private static final String CERTIFICATE = "tls.crt";
  private static final String PRIVATE_KEY = "tls.key";

  public SecretRecord {
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
  }

  /** Makes a TLS Secret with a certificate, a key, both or neither. */
  public static SecretRecord tls(
      ObjectRef ref, String type, @Nullable ByteString certificate, @Nullable ByteString key) {
    SortedMap<String, ByteString> data = new TreeMap<>();
    if (certificate != null) {
      data.put(CERTIFICATE, certificate);
    }
    if (key != null) {
      data.put(PRIVATE_KEY, key);
    }
    return new SecretRecord(ref, type, data);
  }

  /** The chain in PEM, the leaf first: {@code data["tls.crt"]}. */
  public @Nullable ByteString certificate() {
    return data.get(CERTIFICATE);
  }

  /** The private key in PEM: {@code data["tls.key"]}. */
  public @Nullable ByteString privateKey() {
    return data.get(PRIVATE_KEY);
  }

  /** Leaves the data out, so that no log shows them. */
  @Override
  public String toString() {
    return ref + " (" + type + ")";
  }
}
