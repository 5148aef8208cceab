package io.isoline.controlplane.certs;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and makes Isoline's own Secrets of the type {@code kubernetes.io/tls}. */
final class TlsSecret {

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String AUTHORITIES = "ca.crt";
  private static final String TYPE = "kubernetes.io/tls";

  private TlsSecret() {}

  /** Whether Isoline made a Secret. */
  static boolean isOurs(Secret secret) {
    Map<String, String> labels = secret.getMetadata().getLabels();
    return labels != null && CertificateSet.OWNER.equals(labels.get(CertificateSet.LABEL));
  }

  /** What a Secret holds for a key; empty when there is no Secret or no such key. */
  static String text(@Nullable Secret secret, String key) {
    String data = secret == null || secret.getData() == null ? null : secret.getData().get(key);
    if (data == null) {
      return "";
    }
    try {
      return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /**
   * Makes the Secret that takes the place of another.
   *
   * @param old null when there is none
   * @param namespace null leaves it to whoever writes it
   * @param texts what it holds, by key
   */
  static Secret of(
      @Nullable Secret old, String name, @Nullable String namespace, Map<String, String> texts) {
    Map<String, String> data = new HashMap<>();
    texts.forEach(
        (key, text) ->
            data.put(
                key,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return (old == null ? new SecretBuilder() : new SecretBuilder(old))
        .editOrNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/name", "isoline")
        .addToLabels(CertificateSet.LABEL, CertificateSet.OWNER)
        .endMetadata()
        .withType(TYPE)
        .withData(data)
        .build();
  }
}
