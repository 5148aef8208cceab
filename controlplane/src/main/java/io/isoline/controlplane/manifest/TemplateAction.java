package io.isoline.controlplane.manifest;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the actions of templates, {@code {{ … }}} of Go's and {@code {% … %}} of Jinja, in a text
 * that is not YAML because of them.
 */
final class TemplateAction {

  /**
   * An action at the beginning of a line, or of the value of a key or element: it is not part of a
   * text.
   */
  private static final Pattern UNQUOTED =
      Pattern.compile("^(?:[^\"'#]*?(?:: |- ))?\\s*+(\\{[{%])");

  private static final List<String> OF_HELM =
      List.of(".Values", ".Release.", ".Chart.", ".Capabilities.", ".Files.", "include \"");

  private static final int SHOWN = 60;

  private TemplateAction() {}

  /** Whether a text has actions that only Helm knows. */
  static boolean ofHelm(String text) {
    return text.contains("{{") && OF_HELM.stream().anyMatch(text::contains);
  }

  /** What to run to get manifests of a file that is a template. */
  static String fix(String file, String text) {
    int templates = file.lastIndexOf("/templates/");
    String chart = templates > 0 ? ForeignFile.shellWord(file.substring(0, templates)) : "…";
    String helm = "`helm template " + chart + " | isoline lint -f -`";
    return ofHelm(text) || templates > 0 ? helm : "of a Helm chart, " + helm;
  }

  /** The first action of a text that is not YAML; null when the text has none. */
  static YamlDocument.@Nullable Template in(String text, Origin origin) {
    if (!text.contains("{{") && !text.contains("{%")) {
      return null;
    }
    boolean helm = ofHelm(text);
    int line = 0;
    for (String content : (Iterable<String>) text.lines()::iterator) {
      int at = column(content, helm);
      if (at >= 0) {
        return new YamlDocument.Template(
            origin.line(line),
            origin.column(line, content.codePointCount(0, at)),
            shown(content.substring(at)));
      }
      line++;
    }
    return null;
  }

  private static int column(String line, boolean helm) {
    if (line.stripLeading().startsWith("#")) {
      return -1;
    }
    Matcher unquoted = UNQUOTED.matcher(line);
    if (unquoted.lookingAt()) {
      return unquoted.start(1);
    }
    return helm ? line.indexOf("{{") : -1;
  }

  /** The action at a place of a text. */
  static String at(String text, Origin origin, YamlValue place) {
    String line =
        text.lines().skip((long) place.line() - origin.line() - 1).findFirst().orElse("");
    int from = line.indexOf("{{");
    return from < 0 ? "{{" : shown(line.substring(from));
  }

  private static String shown(String rest) {
    int end = rest.indexOf(rest.startsWith("{%") ? "%}" : "}}");
    String action = end < 0 ? rest : rest.substring(0, end + 2);
    return action.length() > SHOWN ? action.substring(0, SHOWN) + "…" : action;
  }
}
