package io.isoline.controlplane.config;

import io.isoline.translator.settings.ServiceSettings;

/** The fields of {@link ServiceSettings}. */
final class ServiceFields {

  private static final FieldTable FIELDS = new FieldTable();

  private static final Field<Boolean> EXTERNAL_NAME =
      FIELDS.field(
          "allowExternalName",
          "Whether Services of type ExternalName are used as backends.",
          ValueType.flag(),
          s -> s.services().allowExternalName());
  private static final Field<Boolean> LOOPBACK_ENDPOINTS =
      FIELDS.field(
          "allowLoopbackEndpoints",
          "Whether EndpointSlices may name this machine, 127.0.0.0/8 or ::1. Whoever may write one"
              + "\nreaches Envoy's own admin interface then.",
          ValueType.flag(),
          s -> s.services().allowLoopbackEndpoints());
  private static final Field<String> CLUSTER_DOMAIN =
      FIELDS.field(
          "clusterDomain",
          "The cluster's DNS domain; names below it are never used as ExternalName.",
          ValueType.dnsName(),
          s -> s.services().clusterDomain());

  private ServiceFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link ServiceSettings} that a file asks for. */
  static ServiceSettings read(ConfiguredValues values) {
    return new ServiceSettings(
        values.get(EXTERNAL_NAME), values.get(LOOPBACK_ENDPOINTS), values.get(CLUSTER_DOMAIN));
  }
}
