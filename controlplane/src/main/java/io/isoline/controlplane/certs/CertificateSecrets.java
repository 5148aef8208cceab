package io.isoline.controlplane.certs;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The Secrets of a {@link CertificateSet} in a namespace of an API server.
 *
 * <p>Needs the verbs {@code get} and {@code update} for these Secrets, and {@code create}. Several
 * processes may do this at once: a Secret that another one has written meanwhile is read again.
 */
public final class CertificateSecrets {
  private static final int TRIES = 5;

  private final KubernetesClient client;
  private final String namespace;

  /**
   * Sends nothing yet.
   *
   * @param client stays the caller's
   */
  public CertificateSecrets(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Makes what is missing, and renews what is due.
   *
   * @return what was written
   * @throws KubernetesClientException when the API server refuses, or is not there; what was
   *     written until then is right, and the next call goes on from there
   */
  public Renewal renew(CertificateSet set, Instant now) {
    for (int i = 1; ; i++) {
      List<Secret> existing =
          set.secretNames().stream()
              .map(name -> client.secrets().inNamespace(namespace).withName(name).get())
              .filter(Objects::nonNull)
              .toList();
      Renewal renewal = set.renew(existing, namespace, now);
      try {
        renewal.write().forEach(this::write);
        return renewal;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || i == TRIES) {
          throw e;
        }
      }
    }
  }

  private void write(Secret secret) {
    var request = client.secrets().inNamespace(namespace).resource(secret);
    String version = secret.getMetadata().getResourceVersion();
    if (version == null) {
      request.create();
    } else {
      request.lockResourceVersion(version).update();
    }
  }
}
