package io.isoline.translator.annotation;

import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.model.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a ConfigMap as a list of headers: each key with its value. */
sealed interface HeaderList {

  /** All entries are headers; by name. */
  record Usable(List<Header> headers) implements HeaderList {}

  /** A clause that says what is wrong, and what to do. */
  record Unusable(String message, String fix) implements HeaderList {}

  int MOST = 64;
  int MOST_CHARACTERS = 8192;

  /** Reads one. */
  static HeaderList of(ConfigMapRecord map) {
    if (map.tooLarge() || map.data().size() > MOST) {
      return new Unusable(
          "it has more than " + MOST + " headers, or more than " + MOST_CHARACTERS + " characters",
          "leave some out");
    }
    SortedMap<String, Header> headers = new TreeMap<>();
    int characters = 0;
    for (Map.Entry<String, String> entry : map.data().entrySet()) {
      String shown = "\"" + ValueType.shown(entry.getKey()) + "\"";
      String name = entry.getKey().toLowerCase(Locale.ROOT);
      String value = entry.getValue().strip();
      String fault = HeaderNames.fault(name);
      if (fault != null) {
        return new Unusable(fault, "remove or correct the key");
      }
      if (!HeaderNames.isValue(value)) {
        return new Unusable(
            "the value of " + shown + " is too long, or has characters that no header has",
            "write a shorter one, on one line");
      }
      characters += name.length() + value.length();
      if (headers.put(name, new Header(name, value)) != null) {
        return new Unusable(shown + " is there twice, in other letters", "remove one of the two");
      }
    }
    return characters > MOST_CHARACTERS
        ? new Unusable(
            "its headers have more than " + MOST_CHARACTERS + " characters together",
            "leave some out")
        : new Usable(new ArrayList<>(headers.values()));
  }
}
