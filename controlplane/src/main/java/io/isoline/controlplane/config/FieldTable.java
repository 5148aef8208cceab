package io.isoline.controlplane.config;

import io.isoline.translator.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sections and fields of one part of the settings, in the order of the file. Filled once. */
final class FieldTable {

  static final Duration YEAR = Duration.ofDays(365);
  static final long KIB = 1024;

  private final List<Field<?>> fields = new ArrayList<>();
  private final Map<String, Section> sections = new LinkedHashMap<>();

  List<Field<?>> fields() {
    return List.copyOf(fields);
  }

  List<Section> sections() {
    return List.copyOf(sections.values());
  }

  /** Adds a section that is always there. */
  Section section(String name, String comment) {
    return register(new Section(name, comment, null, null));
  }

  /** Adds a section that can be off as a whole. */
  Section optional(
      String name, String comment, Predicate<Settings> isOn, @Nullable String shorthand) {
    return register(new Section(name, comment, isOn, shorthand));
  }

  private Section register(Section section) {
    sections.put(section.name(), section);
    return section;
  }

  <T> Field<T> field(
      String path, String comment, ValueType<T> type, Function<Settings, T> current) {
    Field<T> field = new Field<>(path, comment, type, current);
    fields.add(field);
    return field;
  }

  Field<Duration> timeout(
      String path, String comment, boolean canBeOff, Function<Settings, Duration> current) {
    return field(path, comment, ValueType.duration(Duration.ofMillis(1), YEAR, canBeOff), current);
  }

  static ValueType<Duration> wholeSeconds(ValueType<Duration> type) {
    return new ValueType<>(
        false,
        texts -> {
          Duration duration = type.reader().read(texts);
          if (duration.toMillis() % 1000 != 0) {
            throw new InvalidValueException(
                "%s is not a number of whole seconds".formatted(texts.getFirst().shown()));
          }
          return duration;
        },
        type.printer());
  }
}
