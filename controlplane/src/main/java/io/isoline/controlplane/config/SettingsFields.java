package io.isoline.controlplane.config;

import io.isoline.translator.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of what can be configured, put together of the parts of the settings. Reading the file,
 * printing it and its documentation all come from it; {@link #settings} is the way back from values to
 * {@link Settings}.
 */
final class SettingsFields {

  private static final List<FieldTable> TABLES =
      List.of(
          IngressFields.table(),
          AuthFields.table(),
          ListenerFields.table(),
          HostFields.table(),
          HttpFields.table(),
          BackendFields.table(),
          ServiceFields.table(),
          NetworkFields.table(),
          TracingFields.table());

  private static final Map<String, Section> SECTIONS = new LinkedHashMap<>();
  private static final List<Field<?>> FIELDS = inSections();

  private SettingsFields() {}

  /** A section may have fields of several parts: they stand in a row. */
  private static List<Field<?>> inSections() {
    Map<String, List<Field<?>>> bySection = new LinkedHashMap<>();
    for (FieldTable table : TABLES) {
      table.sections().forEach(section -> SECTIONS.put(section.name(), section));
      for (Field<?> field : table.fields()) {
        String key = field.section().isEmpty() ? field.path() : field.section();
        bySection.computeIfAbsent(key, any -> new ArrayList<>()).add(field);
      }
    }
    return bySection.values().stream().<Field<?>>flatMap(List::stream).toList();
  }

  /** All fields, those of a section in a row. */
  static List<Field<?>> fields() {
    return FIELDS;
  }

  static @Nullable Section section(String name) {
    return SECTIONS.get(name);
  }

  static List<Section> optionalSections() {
    return SECTIONS.values().stream().filter(section -> section.isOn() != null).toList();
  }

  static Set<String> sections() {
    return SECTIONS.keySet();
  }

  /** The settings that a file asks for. */
  static Settings settings(ConfiguredValues values) {
    return new Settings(
        IngressFields.read(values),
        ListenerFields.read(values),
        HostFields.read(values),
        HttpFields.read(values),
        BackendFields.read(values),
        ServiceFields.read(values),
        NetworkFields.read(values),
        TracingFields.read(values));
  }
}
