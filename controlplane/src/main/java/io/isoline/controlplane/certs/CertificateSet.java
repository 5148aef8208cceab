package io.isoline.controlplane.certs;

import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that are made together. A Secret without the label {@value #LABEL}{@code =}{@value
 * #OWNER} belongs to somebody else. Then its whole set does, and none of it is touched.
 */
public enum CertificateSet {
  /** The certificates between Envoys and control planes: {@link XdsCertificates}. */
  XDS {
    @Override
    public List<String> secretNames() {
      return XdsCertificates.secretNames();
    }

    @Override
    public Renewal renew(Collection<Secret> existing, @Nullable String namespace, Instant now) {
      return XdsCertificates.renew(existing, namespace, now);
    }
  },
  /** The certificate for hosts without one of their own: {@link SharedDefaultCertificate}. */
  DEFAULT {
    @Override
    public List<String> secretNames() {
      return List.of(SharedDefaultCertificate.SECRET);
    }

    @Override
    public Renewal renew(Collection<Secret> existing, @Nullable String namespace, Instant now) {
      return SharedDefaultCertificate.renew(existing, namespace, now);
    }
  };

  /** The label that says who keeps an object. */
  public static final String LABEL = "app.kubernetes.io/managed-by";

  /** The value of {@link #LABEL} on the Secrets that are made here. */
  public static final String OWNER = "isoline";

  /** The names of all its Secrets. */
  public abstract List<String> secretNames();

  /**
   * Decides what has to change.
   *
   * @param existing those of its Secrets that exist; others are ignored
   * @param namespace of the Secrets; null leaves it to whoever writes them
   */
  public abstract Renewal renew(
      Collection<Secret> existing, @Nullable String namespace, Instant now);
}
