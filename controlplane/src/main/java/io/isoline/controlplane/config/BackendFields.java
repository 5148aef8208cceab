package io.isoline.controlplane.config;

import io.isoline.translator.settings.BackendSettings;
import java.time.Duration;

/** The fields of {@link BackendSettings}. */
final class BackendFields {

  private static final FieldTable FIELDS = new FieldTable();

  private static final Field<Duration> BACKEND_IDLE =
      FIELDS.timeout(
          "timeouts.backendIdle",
          "A connection to a backend is closed after this time without a request; should be less"
              + " than\n"
              + "the time after which backends close it, or a POST meets a closed one and is 503.",
          true,
          s -> s.backends().idleTimeout());
  private static final Field<Duration> CONNECT =
      FIELDS.timeout(
          "timeouts.connect",
          "To connect to a backend's endpoint; cannot be off.",
          false,
          s -> s.backends().connectTimeout());

  private static final Field<Long> RESPONSE_HEADER_SIZE =
      FIELDS.field(
          "limits.responseHeaders",
          "All headers of a backend's answer: 1KiB to 8MiB in whole KiB. Longer ones become 502.",
          ValueType.size(FieldTable.KIB, 8192 * FieldTable.KIB, FieldTable.KIB),
          s -> s.backends().responseHeaderKilobytes() * FieldTable.KIB);
  private static final Field<Integer> RESPONSE_HEADER_COUNT =
      FIELDS.field(
          "limits.responseHeaderCount",
          "How many header lines a backend's answer may have; one with more becomes 502.",
          ValueType.number(1, 10_000),
          s -> s.backends().responseHeaderCount());

  private BackendFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link BackendSettings} that a file asks for. */
  static BackendSettings read(ConfiguredValues values) {
    return new BackendSettings(
        values.get(CONNECT),
        values.get(BACKEND_IDLE),
        (int) (values.get(RESPONSE_HEADER_SIZE) / FieldTable.KIB),
        values.get(RESPONSE_HEADER_COUNT));
  }
}
