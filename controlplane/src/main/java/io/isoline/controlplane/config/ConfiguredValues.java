package io.isoline.controlplane.config;

import io.isoline.translator.Settings;
import java.util.HashMap;
import java.util.Map;

/** What a file sets, on top of the settings that hold for the rest. Used by one reader alone. */
final class ConfiguredValues {

  private final Settings base;
  private final Map<Field<?>, Object> values = new HashMap<>();
  private final Map<Section, Boolean> switches = new HashMap<>();

  ConfiguredValues(Settings base) {
    this.base = base;
  }

  Settings base() {
    return base;
  }

  <T> void set(Field<T> field, T value) {
    values.put(field, value);
  }

  void turn(Section section, boolean on) {
    switches.put(section, on);
  }

  // The only way in is set(), which pairs a field with a value of its type.
  @SuppressWarnings("unchecked")
  <T> T get(Field<T> field) {
    Object value = values.get(field);
    return value == null ? field.current().apply(base) : (T) value;
  }

  /** Whether a section that can be off is on. */
  boolean isOn(Section section) {
    Boolean set = switches.get(section);
    return set != null ? set : section.isOn() == null || section.isOn().test(base);
  }
}
