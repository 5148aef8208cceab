package io.isoline.translator.settings;

/** By whose rules an Ingress is served where it does not say itself. */
public enum Profile {
  /** The letter of the Kubernetes API. */
  STRICT,
  /** The defaults of ingress-nginx, so that an Ingress that was written for it does what it did. */
  NGINX
}
