package io.isoline.controlplane.config;

import io.isoline.translator.settings.NetworkSettings;

/** The fields of {@link NetworkSettings}. */
final class NetworkFields {

  private static final FieldTable FIELDS = new FieldTable();

  private static final Field<Long> BUFFER =
      FIELDS.field(
          "limits.connectionBuffer",
          "What Envoy buffers for a connection before it stops reading.",
          ValueType.size(FieldTable.KIB, 1L << 30, 1),
          s -> (long) s.network().connectionBufferBytes());

  private static final Field<Boolean> IPV6 =
      FIELDS.field(
          "ipv6",
          "Whether to listen on IPv6 as well, and to resolve the names of backends to it.",
          ValueType.flag(),
          s -> s.network().ipv6());

  private NetworkFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link NetworkSettings} that a file asks for. */
  static NetworkSettings read(ConfiguredValues values) {
    return new NetworkSettings(values.get(IPV6), values.get(BUFFER).intValue());
  }
}
