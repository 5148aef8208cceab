package io.isoline.controlplane.config;

import io.isoline.translator.Settings;

/** Writes settings as a configuration file. */
final class ConfigurationPrinter {

  private final Settings settings;
  private final StringBuilder out = new StringBuilder();

  private ConfigurationPrinter(Settings settings) {
    this.settings = settings;
  }

  static String print(Settings settings) {
    ConfigurationPrinter printer = new ConfigurationPrinter(settings);
    String current = "";
    for (Field<?> field : SettingsFields.fields()) {
      Section section = SettingsFields.section(field.section());
      if (section == null) {
        printer.field(field, "");
      } else {
        if (!section.name().equals(current)) {
          printer.open(section);
        }
        printer.field(field, printer.isOff(section) ? "#   " : "  ");
      }
      current = field.section();
    }
    return printer.out.toString();
  }

  private boolean isOff(Section section) {
    return section.isOn() != null && !section.isOn().test(settings);
  }

  private void open(Section section) {
    out.append(out.isEmpty() ? "" : "\n");
    comment(section.comment(), "");
    if (section.isOn() != null) {
      comment("off, on, or a section with any of its keys.", "");
    }
    out.append(section.name()).append(isOff(section) ? ": off\n" : ":\n");
    if (isOff(section)) {
      out.append("# ").append(section.name()).append(":\n");
    }
  }

  private void field(Field<?> field, String indent) {
    if (indent.isEmpty()) {
      out.append('\n');
    }
    comment(field.comment(), indent);
    out.append(indent).append(field.key()).append(": ").append(field.print(settings)).append('\n');
  }

  private void comment(String comment, String indent) {
    comment.lines().forEach(line -> out.append(indent).append("# ").append(line).append('\n'));
  }
}
