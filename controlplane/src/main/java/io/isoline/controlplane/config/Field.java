package io.isoline.controlplane.config;

import io.isoline.translator.Settings;
import java.util.function.Function;

/**
 * A key of the configuration file that has one value.
 *
 * @param path {@code http.port}; at most one dot
 * @param comment what it does, in one or two lines
 * @param current its value in given settings; in a section that is off, what it would begin with
 */
record Field<T>(String path, String comment, ValueType<T> type, Function<Settings, T> current) {

  /** The section that it is in, empty for none. */
  String section() {
    return path.substring(0, Math.max(0, path.indexOf('.')));
  }

  String key() {
    return path.substring(path.indexOf('.') + 1);
  }

  String print(Settings settings) {
    return type.printer().apply(current.apply(settings));
  }
}
