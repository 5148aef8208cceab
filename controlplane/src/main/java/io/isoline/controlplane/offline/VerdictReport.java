package io.isoline.controlplane.offline;

import io.isoline.controlplane.manifest.Position;
import io.isoline.controlplane.manifest.SourceMap;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Verdicts for people and for programs, with the places in the files that they are about. */
public final class VerdictReport {

  private final Terminal terminal;
  private final SourceMap sources;

  public VerdictReport(Terminal terminal, SourceMap sources) {
    this.terminal = terminal;
    this.sources = sources;
  }

  /** A verdict with its place, which is looked up once. */
  private record Placed(Verdict verdict, @Nullable Position position) {}

  /** In the order of the files; those of objects that are in no file come last. */
  public List<Verdict> sorted(Collection<Verdict> verdicts) {
    return verdicts.stream()
        .map(verdict -> new Placed(verdict, sources.locate(verdict)))
        .sorted(VerdictReport::compare)
        .map(Placed::verdict)
        .toList();
  }

  private static int compare(Placed one, Placed other) {
    Position here = one.position();
    Position there = other.position();
    if (here != null && there != null && !here.equals(there)) {
      return here.compareTo(there);
    }
    if ((here == null) != (there == null)) {
      return here == null ? 1 : -1;
    }
    return one.verdict().compareTo(other.verdict());
  }

  /**
   * {@code file:line:column: outcome: object: field: message}, and the fix on lines below. All lines
   * but the first are indented, so that editors find the places.
   */
  public List<String> lines(Verdict verdict) {
    Position position = sources.locate(verdict);
    StringBuilder line = new StringBuilder();
    if (position != null) {
      line.append(terminal.styled(Terminal.Style.STRONG, Printable.line(position.toString()))).append(": ");
    }
    line.append(outcome(verdict)).append(": ");
    line.append(Printable.line(verdict.object().toString()));
    if (!verdict.field().isEmpty()) {
      line.append(" ").append(Printable.line(verdict.field()));
    }
    line.append(": ").append(Printable.line(verdict.message()));
    List<String> lines = new ArrayList<>();
    add(lines, "", line.toString());
    if (!verdict.fix().isEmpty()) {
      add(lines, "    fix: ", Printable.lines(verdict.fix().stripTrailing()));
    }
    return lines;
  }

  private static void add(List<String> lines, String start, String text) {
    String indent = start;
    for (String line : text.lines().toList()) {
      lines.add(indent + line);
      indent = "         ";
    }
  }

  /** The same in one text without the place, for programs that show the place themselves. */
  static String sentence(Verdict verdict) {
    return verdict.object()
        + (verdict.field().isEmpty() ? "" : " " + verdict.field())
        + ": "
        + verdict.message()
        + (verdict.fix().isEmpty() ? "" : "\nfix: " + verdict.fix());
  }

  private String outcome(Verdict verdict) {
    Rank rank = Rank.of(verdict);
    return terminal.styled(
        switch (rank) {
          case OK -> Terminal.Style.GOOD;
          case NOTE -> Terminal.Style.FAINT;
          case DIFFERS -> Terminal.Style.WARNING;
          case NO_EFFECT ->
              verdict.isFinding() ? Terminal.Style.WARNING : Terminal.Style.FAINT;
          case REFUSED, UNPROTECTED -> Terminal.Style.BAD;
        },
        rank.word());
  }

  /** For programs; {@code position} is missing for an object that is in no file. */
  public Map<String, Object> tree(Verdict verdict) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", verdict.object().kind().text());
    if (!verdict.object().namespace().isEmpty()) {
      object.put("namespace", verdict.object().namespace());
    }
    object.put("name", verdict.object().name());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("object", object);
    tree.put("field", verdict.field());
    tree.put("outcome", name(verdict.outcome()));
    tree.put("reason", verdict.reason().name());
    tree.put("finding", verdict.isFinding());
    tree.put("message", verdict.message());
    tree.put("fix", verdict.fix());
    Position position = sources.locate(verdict);
    if (position != null) {
      Map<String, Object> place = new LinkedHashMap<>();
      place.put("file", position.file());
      place.put("line", position.line());
      place.put("column", position.column());
      tree.put("position", place);
    }
    return tree;
  }

  private static String name(Verdict.Outcome outcome) {
    return switch (outcome) {
      case APPLIED -> "Applied";
      case APPLIED_WITH_DIFFERENCE -> "AppliedWithDifference";
      case NO_EFFECT -> "NoEffect";
      case REFUSED -> "Refused";
      case UNPROTECTED -> "Unprotected";
    };
  }
}
