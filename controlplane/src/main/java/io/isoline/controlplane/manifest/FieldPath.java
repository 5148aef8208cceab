package io.isoline.controlplane.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Paths of fields as verdicts show them: {@code spec.rules[0].host}, and {@code
 * metadata.annotations[example.com/key]} for keys that are free text.
 */
final class FieldPath {

  private FieldPath() {}

  static String child(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }

  static String key(String parent, String key) {
    return parent + "[" + key + "]";
  }

  static String item(String parent, int index) {
    return parent + "[" + index + "]";
  }

  /**
   * The steps of a path; an index is a step of digits. A bracket without an end runs to the end.
   */
  static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    int at = 0;
    while (at < path.length()) {
      char c = path.charAt(at);
      if (c == '.') {
        at++;
      } else if (c == '[') {
        int end = path.indexOf(']', at);
        int until = end < 0 ? path.length() : end;
        steps.add(path.substring(at + 1, until));
        at = until + 1;
      } else {
        int end = at;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        steps.add(path.substring(at, end));
        at = end;
      }
    }
    return steps;
  }
}
