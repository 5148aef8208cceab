package io.isoline.controlplane.manifest;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of text that some tool should have replaced before the manifest was used: {@code ${HOST}}
 * of envsubst and Flux, {@code $(HOST)} of kustomize, {@code {{ host }}} of Helm, Jinja and Argo,
 * {@code <your-host>} of a person, and their like.
 *
 * @param text the placeholder as it was written
 * @param fix what replaces such ones
 */
record Placeholder(String text, String fix) {

  /** In a longer text nobody looks for one; names and hosts have 253 characters at most. */
  private static final int LONGEST_TEXT = 1000;

  private static final int SHOWN = 60;

  /** What the styles below begin with. */
  private static final String BEGINNINGS = "$<{%@_#[(";

  /** A placeholder and the value that it is in. */
  record Found(Placeholder placeholder, YamlValue at) {}

  private record Style(Pattern pattern, String fix) {}

  /** Styles that no path has by accident. */
  private static final List<Style> EVERYWHERE =
      List.of(
          new Style(
              Pattern.compile("\\$\\{[^}]{1,200}\\}{1,2}"),
              "for example `envsubst < FILE | isoline lint -f -`"),
          new Style(
              Pattern.compile("\\$\\([A-Za-z_][\\w.-]{0,200}\\)"),
              "for example `kubectl kustomize DIR | isoline lint -f -`"),
          new Style(
              Pattern.compile("\\{\\{[^}]{0,200}\\}\\}|\\{%[^%]{0,200}%\\}"),
              "of a Helm chart, `helm template … | isoline lint -f -`"),
          new Style(
              // The name of a group of an expression is none.
              Pattern.compile("(?<!\\(\\?)(?<!\\(\\?P)<[A-Za-z_%][^<>]{0,200}>"),
              "write the value in its place"));

  /** Styles that no name, host or number has. */
  private static final List<Style> IN_NAMES =
      List.of(
          new Style(
              Pattern.compile("\\$[A-Za-z_]\\w{0,200}"),
              "for example `envsubst < FILE | isoline lint -f -`"),
          new Style(
              Pattern.compile(
                  "%[A-Za-z_]\\w{0,200}%|@[A-Za-z_][\\w.-]{0,200}@|__\\w{1,200}?__"
                      + "|#\\{[^}]{1,200}\\}#?|\\[\\[[^\\]]{1,200}\\]\\]|\\(\\([\\w./-]{1,200}\\)\\)"),
              "with the tool that replaces it"));

  /** As a value, or as the beginning of one, without quotes. */
  private static final Pattern BREAKS_YAML =
      Pattern.compile(
          "[\\s:,\\[{-](\\$\\{[^}]{1,200}\\}|[@%][A-Za-z_][\\w.-]{0,200}[@%])");

  /** The first one in a name, a host or a number; null for none. */
  static @Nullable Placeholder inName(String text) {
    Placeholder found = inPath(text);
    return found == null ? find(IN_NAMES, text) : found;
  }

  /** The first one in a text that may hold {@code $}, as paths do; null for none. */
  static @Nullable Placeholder inPath(String text) {
    return find(EVERYWHERE, text);
  }

  /** The first one in a line that is not YAML because of it; null for none. */
  static @Nullable Placeholder inSyntax(String line) {
    Matcher matcher = BREAKS_YAML.matcher(line);
    return matcher.find() ? inName(matcher.group(1)) : null;
  }

  private static @Nullable Placeholder find(List<Style> styles, String text) {
    if (text.length() > LONGEST_TEXT || text.chars().noneMatch(c -> BEGINNINGS.indexOf(c) >= 0)) {
      return null;
    }
    for (Style style : styles) {
      Matcher matcher = style.pattern().matcher(text);
      if (matcher.find()) {
        return new Placeholder(matcher.group(), style.fix());
      }
    }
    return null;
  }

  /** Whether it is an action of a template, so that its whole file is one. */
  boolean ofTemplate() {
    return text.startsWith("{");
  }

  String message() {
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return "`" + shown + "` is a placeholder that was not replaced: render it first";
  }
}
