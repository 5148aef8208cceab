package io.isoline.controlplane.migrate.config;

import io.isoline.controlplane.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A configuration file that comes together key by key. */
final class Draft {

  private static final int WIDTH = 60;

  private final Map<String, Line> lines = new TreeMap<>();

  /**
   * A value.
   *
   * @param from the key that it comes from, as a comment
   * @param given whether somebody wrote that key, and it is not a default of ingress-nginx
   */
  private record Line(String value, String from, boolean given) {}

  /** Enters settings; what somebody wrote goes before a default, and else the first. */
  void put(Map<String, String> settings, String from, boolean given) {
    settings.forEach(
        (path, value) ->
            lines.merge(
                path,
                new Line(value, from, given),
                (before, now) -> before.given() || !now.given() ? before : now));
  }

  /** The values as YAML, by path; a section that has keys of its own is not among them. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    lines.forEach(
        (path, line) -> {
          boolean section = lines.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
          String outer = path.contains(".") ? path.substring(0, path.indexOf('.')) : "";
          Line switched = lines.get(outer);
          boolean off = switched != null && switched.value().equals("off");
          if (off || (section && !line.value().equals("off"))) {
            return;
          }
          settings.put(path, line.value());
        });
    return settings;
  }

  /** The text of the file. */
  String text(String configMap) {
    StringBuilder out = new StringBuilder();
    if (!configMap.isEmpty()) {
      out.append("# Made by 'isoline migrate config' from ")
          .append(Printable.line(configMap, WIDTH))
          .append(".\n# What is not in here is as 'isoline config' prints it.\n\n");
    }
    String current = "";
    for (Map.Entry<String, String> setting : settings().entrySet()) {
      int dot = setting.getKey().indexOf('.');
      String section = setting.getKey().substring(0, Math.max(0, dot));
      if (!section.equals(current) && dot > 0) {
        out.append(section).append(":\n");
      }
      current = section;
      Line line = lines.get(setting.getKey());
      out.append(dot > 0 ? "  " : "")
          .append(setting.getKey().substring(dot + 1))
          .append(": ")
          .append(setting.getValue());
      if (line != null && !line.from().isEmpty()) {
        out.append("  # ")
            .append(line.given() ? "" : "ingress-nginx does so without ")
            .append(Printable.line(line.from(), WIDTH));
      }
      out.append('\n');
    }
    return out.toString();
  }
}
