package io.isoline.controlplane.migrate.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares two answers.
 *
 * @param headers names of headers that are compared beside {@link #ALWAYS}
 * @param bodyMark finds in a body which backend answered: the first group, else the whole match;
 *     null when bodies are not looked at for that
 * @param body whether bodies are compared as a whole, as far as they are read
 */
public record Comparison(List<String> headers, @Nullable Pattern bodyMark, boolean body) {

  /** Headers that say what a controller does by itself. */
  static final List<String> ALWAYS =
      List.of(
          "location",
          "www-authenticate",
          "strict-transport-security",
          "access-control-allow-origin",
          "access-control-allow-methods",
          "access-control-allow-headers",
          "access-control-allow-credentials",
          "access-control-expose-headers",
          "access-control-max-age");

  public Comparison {
    headers = headers.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * One difference between two answers.
   *
   * @param aspect {@code status}, {@code answer}, {@code body}, {@code certificate}, {@code mark},
   *     {@code cookies}, or the name of a header
   */
  record Difference(String aspect, String old, String now) {}

  /** The differences, the most important first; empty when there are none. */
  List<Difference> compare(Probe probe, Answer old, Answer now) {
    List<Difference> differences = new ArrayList<>();
    if (!(old instanceof Answer.Response before) || !(now instanceof Answer.Response after)) {
      differences.add(new Difference("answer", words(old), words(now)));
      return differences;
    }
    add(differences, "status", "" + before.status(), "" + after.status());
    if (before.status() != after.status()) {
      // Another status explains all other differences, but not where a redirect leads.
      add(differences, "location", before.header("location"), after.header("location"));
      return differences;
    }
    for (String name : ALWAYS) {
      add(differences, name, before.header(name), after.header(name));
    }
    add(differences, "cookies", cookies(before), cookies(after));
    if (probe.origin().certificate()) {
      add(differences, "certificate", before.certificate(), after.certificate());
    }
    if (!probe.origin().random()) {
      for (String name : headers) {
        add(differences, name, before.header(name), after.header(name));
      }
      add(differences, "mark", mark(before), mark(after));
      if (body && !before.body().equals(after.body())) {
        differences.add(new Difference("body", "one", "another"));
      }
    }
    return differences;
  }

  private static void add(List<Difference> differences, String aspect, String old, String now) {
    if (!old.equals(now)) {
      differences.add(new Difference(aspect, old, now));
    }
  }

  private static String words(Answer answer) {
    return switch (answer) {
      case Answer.Response response -> "status " + response.status();
      case Answer.None(String reason, boolean _) -> "none: " + reason;
    };
  }

  /** The names alone, as values differ from answer to answer. */
  private static String cookies(Answer.Response response) {
    SortedSet<String> names = new TreeSet<>();
    for (String cookie : response.headers().getOrDefault("set-cookie", List.of())) {
      int equals = cookie.indexOf('=');
      names.add(cookie.substring(0, Math.max(0, equals)).strip());
    }
    return String.join(", ", names);
  }

  private String mark(Answer.Response response) {
    if (bodyMark == null) {
      return "";
    }
    Matcher matcher = bodyMark.matcher(response.body());
    if (!matcher.find()) {
      return "";
    }
    return matcher.groupCount() > 0 && matcher.group(1) != null
        ? matcher.group(1)
        : matcher.group();
  }
}
