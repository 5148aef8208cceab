package io.isoline.translator.annotation;

import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.model.HeaderEdits;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.SortedSet;

/** Headers that are set or removed on the way to the backend and back. */
final class HeaderLists implements Subject {

  private static final int MOST = 50;

  private static final ValueType<SortedMap<String, String>> LINES =
      new ValueType<>(
          "lines of `Name: value`, at most " + MOST + ", without headers that say how a message is"
              + " sent (Host, Connection, Content-Length and the like)",
          HeaderLists::lines);

  private static final ValueType<SortedSet<String>> NAMES =
      new ValueType<>(
          "a list of names of headers, at most " + MOST + ", without those that say how a message is"
              + " sent (Host, Connection, Content-Length and the like)",
          HeaderLists::names);

  static final Annotation<SortedMap<String, String>> SET_REQUEST_HEADERS =
      new Annotation<>(
              "set-request-headers",
              LINES,
              "backends get the headers of the client",
              "The backend gets these headers, instead of what the client sent under their names."
                  + " The value is taken as it is written: it has no variables.",
              "X-Team: shop",
              "It takes the place of `proxy_set_header` and `more_set_input_headers` in snippets.")
          .asOurs();

  static final Annotation<SortedSet<String>> REMOVE_REQUEST_HEADERS =
      new Annotation<>(
              "remove-request-headers",
              NAMES,
              "backends get the headers of the client",
              "The backend does not get these headers.",
              "X-Debug, X-Internal",
              "It takes the place of `more_clear_input_headers` in snippets.")
          .asOurs();

  static final Annotation<SortedMap<String, String>> SET_RESPONSE_HEADERS =
      new Annotation<>(
              "set-response-headers",
              LINES,
              "clients get the headers of the backend",
              "Clients get these headers with each answer of the backend, instead of what it sent"
                  + " under their names.",
              "X-Frame-Options: DENY",
              "It takes the place of `more_set_headers` and `add_header` in snippets.")
          .asOurs();

  static final Annotation<SortedSet<String>> REMOVE_RESPONSE_HEADERS =
      new Annotation<>(
              "remove-response-headers",
              NAMES,
              "clients get the headers of the backend",
              "Clients do not get these headers of the backend.",
              "Server, X-Powered-By",
              "It takes the place of `more_clear_headers` and `proxy_hide_header` in snippets.")
          .asOurs();

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        SET_REQUEST_HEADERS, REMOVE_REQUEST_HEADERS, SET_RESPONSE_HEADERS, REMOVE_RESPONSE_HEADERS);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    HeaderEdits edits =
        new HeaderEdits(
            values.get(SET_REQUEST_HEADERS, new TreeMap<>()),
            List.copyOf(values.get(REMOVE_REQUEST_HEADERS, new TreeSet<>())),
            values.get(SET_RESPONSE_HEADERS, new TreeMap<>()),
            List.copyOf(values.get(REMOVE_RESPONSE_HEADERS, new TreeSet<>())));
    if (!edits.equals(NOTHING)) {
      policy.add(edits);
    }
  }

  private static final HeaderEdits NOTHING =
      new HeaderEdits(new TreeMap<>(), List.of(), new TreeMap<>(), List.of());

  private static Reading<SortedMap<String, String>> lines(String text) {
    SortedMap<String, String> headers = new TreeMap<>();
    for (String line : text.split("\\R", -1)) {
      if (line.isBlank()) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 0) {
        return bad("\"" + ValueType.shown(line) + "\" has no colon");
      }
      String name = line.substring(0, colon).strip();
      String value = line.substring(colon + 1).strip();
      String fault = HeaderNames.fault(name);
      if (fault != null) {
        return bad(fault);
      }
      if (!HeaderNames.isValue(value)) {
        return bad("the value of " + name + " is too long or has characters that no header has");
      }
      if (headers.put(name.toLowerCase(Locale.ROOT), value) != null) {
        return bad(name + " is there twice");
      }
      if (headers.size() > MOST) {
        return bad("it has more than " + MOST + " headers");
      }
    }
    return new Reading.Good<>(headers);
  }

  private static Reading<SortedSet<String>> names(String text) {
    SortedSet<String> names = new TreeSet<>();
    for (String entry : text.split("[,\\n]", -1)) {
      String name = entry.strip();
      if (name.isEmpty()) {
        continue;
      }
      String fault = HeaderNames.fault(name);
      if (fault != null) {
        return bad(fault);
      }
      names.add(name.toLowerCase(Locale.ROOT));
      if (names.size() > MOST) {
        return bad("it has more than " + MOST + " names");
      }
    }
    return new Reading.Good<>(names);
  }

  private static <T> Reading<T> bad(String message) {
    return new Reading.Bad<>(message);
  }
}
