package io.isoline.controlplane.manifest;

import io.isoline.controlplane.text.TextPlace;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says in plain words what a YAML parser stumbled over. */
final class SyntaxExplanation {

  private static final String NO_COLON = "expected ':'";

  private SyntaxExplanation() {}

  static YamlDocument.Broken of(YamlEngineException error, String text, Origin origin) {
    return switch (error) {
      case ReaderException unprintable -> unprintable(unprintable, text, origin);
      case MarkedYamlEngineException marked -> marked(marked, text, origin);
      default ->
          new YamlDocument.Broken(
              origin.line(0),
              origin.column(0, 0),
              "is not YAML: " + firstLine(error.getMessage()),
              "");
    };
  }

  private static YamlDocument.Broken unprintable(
      ReaderException error, String text, Origin origin) {
    TextPlace place = TextPlace.at(text, error.getPosition());
    int line = place.line() - 1;
    int column = place.column() - 1;
    return new YamlDocument.Broken(
        origin.line(line),
        origin.column(line, column),
        "line "
            + origin.line(line)
            + " holds the control character U+%04X, which YAML does not allow"
                .formatted(error.getCodePoint()),
        "remove it, or write it as an escape in double quotes");
  }

  private static YamlDocument.Broken marked(
      MarkedYamlEngineException error, String text, Origin origin) {
    String context = firstLine(error.getContext());
    String problem = firstLine(error.getProblem());
    int bracket =
        context.contains("flow") && problem.contains("<stream end>") ? OpenBracket.in(text) : -1;
    if (bracket >= 0) {
      return unclosed(text, bracket, origin);
    }
    Optional<Mark> mark =
        atItsBeginning(context)
            ? error.getContextMark().or(error::getProblemMark)
            : error.getProblemMark().or(error::getContextMark);
    TextPlace place =
        TextPlace.of(
            text, mark.map(Mark::getLine).orElse(0), mark.map(Mark::getColumn).orElse(0));
    if (problem.startsWith("mapping values are not allowed")) {
      TextPlace word = BareWord.before(text, place);
      if (word != null) {
        place = word;
        problem = NO_COLON;
      }
    }
    int line = place.line() - 1;
    String content = line(text, line);
    Placeholder placeholder = Placeholder.inSyntax(content);
    int column =
        placeholder == null
            ? place.column() - 1
            : content.codePointCount(0, content.indexOf(placeholder.text()));
    var why = explain(problem, context, content, column, error, origin);
    return new YamlDocument.Broken(
        origin.line(line),
        origin.column(line, column),
        "line "
            + origin.line(line)
            + ", column "
            + origin.column(line, column)
            + ": "
            + why.message(),
        why.fix());
  }

  /**
   * Whether the mistake is where something began and not where the parser noticed, which is behind
   * it, and at the end of the text when something is never closed.
   */
  private static boolean atItsBeginning(String context) {
    return context.contains("alias")
        || context.contains("anchor")
        || context.contains("scanning a tag")
        || context.contains("simple key")
        || context.contains("quoted scalar");
  }

  private static YamlDocument.Broken unclosed(String text, int bracket, Origin origin) {
    TextPlace place = TextPlace.at(text, text.codePointCount(0, bracket));
    int line = place.line() - 1;
    int column = place.column() - 1;
    return new YamlDocument.Broken(
        origin.line(line),
        origin.column(line, column),
        "the bracket opened at line " + origin.line(line) + " is never closed",
        "close it, or put a comma between its elements");
  }

  private record Why(String message, String fix) {}

  private static Why explain(
      String problem,
      String context,
      String content,
      int column,
      MarkedYamlEngineException error,
      Origin origin) {
    String indent = content.substring(0, content.length() - content.stripLeading().length());
    if (indent.indexOf('\t') >= 0 || problem.contains("\\t(TAB)")) {
      return new Why(
          "the line is indented with a tab; YAML allows only spaces",
          "replace each tab by spaces, two a level");
    }
    Placeholder placeholder = Placeholder.inSyntax(content);
    if (placeholder != null) {
      return new Why(placeholder.message(), placeholder.fix());
    }
    if (context.contains("alias")) {
      return new Why(
          "a value that begins with `*` is an alias in YAML",
          "put it in quotes: " + quoted(content, column));
    }
    char at = column < content.length() ? content.charAt(column) : ' ';
    if (problem.contains("cannot start any token")) {
      return new Why(
          "a value cannot begin with `" + at + "`", "put it in quotes: " + quoted(content, column));
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return new Why(
          "a `:` where no key can be: the line is indented differently from its neighbours, or its"
              + " value holds a second `: `",
          "align the line with the keys beside it, or put the value in quotes");
    }
    if (problem.contains(NO_COLON) || problem.contains("could not find expected")) {
      return new Why("a key without a `:` after it", "write `key: value`, with a space after `:`");
    }
    int opened = origin.line(error.getContextMark().map(Mark::getLine).orElse(0));
    if (context.contains("quoted scalar")) {
      return new Why("the quote opened at line " + opened + " is never closed", "close it");
    }
    if (context.contains("flow node")) {
      return new Why(
          "a value is missing here, or a bracket before it is not closed",
          "close the bracket, or write the value");
    }
    if (context.contains("flow")) {
      return new Why(
          "the bracket opened at line " + opened + " is not closed, or a comma is missing",
          "close it, or put a comma between its elements");
    }
    if (problem.startsWith("expected <block end>")) {
      return new Why(
          "its indentation fits neither the line above nor an outer level (the block began at line "
              + opened
              + ")",
          "align it with the keys beside it");
    }
    return new Why(context.isEmpty() ? problem : context + ": " + problem, "");
  }

  /** The rest of a line from a column on, as it would look in quotes. */
  private static String quoted(String content, int column) {
    String rest = content.substring(Math.min(column, content.length())).strip();
    int from = content.lastIndexOf(": ", Math.min(column, content.length()));
    if (from < 0) {
      from = content.lastIndexOf("- ", Math.min(column, content.length()));
    }
    if (from >= 0) {
      rest = content.substring(from + 2).strip();
    }
    return "\"" + rest.replace("\"", "\\\"") + "\"";
  }

  private static String line(String text, int line) {
    List<String> lines = text.lines().skip(line).limit(1).toList();
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  private static String firstLine(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }
}
