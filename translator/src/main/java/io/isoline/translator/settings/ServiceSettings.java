package io.isoline.translator.settings;

/**
 * Which Services and endpoints are used.
 *
 * @param allowExternalName whether Services of type ExternalName are used as backends
 * @param allowLoopbackEndpoints whether an endpoint may be this machine itself, 127.0.0.0/8 or ::1:
 *     whoever may write an EndpointSlice reaches Envoy's own admin interface then
 * @param clusterDomain the cluster's DNS domain: names below it are never used as ExternalName
 */
public record ServiceSettings(
    boolean allowExternalName, boolean allowLoopbackEndpoints, String clusterDomain) {

  /** Returns these settings with ExternalName allowed or not. */
  public ServiceSettings allowingExternalName(boolean allow) {
    return new ServiceSettings(allow, allowLoopbackEndpoints, clusterDomain);
  }

  /** Returns these settings with endpoints on this machine allowed or not. */
  public ServiceSettings allowingLoopbackEndpoints(boolean allow) {
    return new ServiceSettings(allowExternalName, allow, clusterDomain);
  }
}
