package io.isoline.controlplane.offline;

import io.isoline.controlplane.manifest.Position;
import io.isoline.controlplane.manifest.SourceMap;
import io.isoline.controlplane.terminal.Version;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Verdicts as a log of SARIF: a rule for each reason, a result for each verdict.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
public final class SarifReport {

  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private final SourceMap sources;

  public SarifReport(SourceMap sources) {
    this.sources = sources;
  }

  /** The log as a tree of maps, lists and plain values. */
  public Map<String, Object> tree(List<Verdict> verdicts) {
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    verdicts.forEach(verdict -> reasons.add(verdict.reason()));
    List<Reason> rules = List.copyOf(reasons);
    Map<String, Object> driver = new LinkedHashMap<>();
    driver.put("name", "Isoline");
    driver.put("version", Version.current().isoline());
    driver.put("rules", rules.stream().map(SarifReport::rule).toList());
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("tool", Map.of("driver", driver));
    run.put("columnKind", "unicodeCodePoints");
    List<Object> results = new ArrayList<>();
    verdicts.forEach(verdict -> results.add(result(verdict, rules.indexOf(verdict.reason()))));
    run.put("results", results);
    Map<String, Object> log = new LinkedHashMap<>();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    log.put("runs", List.of(run));
    return log;
  }

  private static Map<String, Object> rule(Reason reason) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("id", reason.name());
    rule.put("shortDescription", Map.of("text", spaced(reason.name())));
    return rule;
  }

  /** {@code Backend not found} of {@code BackendNotFound}. */
  private static String spaced(String name) {
    String words = name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ");
    StringBuilder text = new StringBuilder();
    for (String word : words.split(" ", -1)) {
      boolean abbreviation = word.equals(word.toUpperCase(Locale.ROOT));
      text.append(text.isEmpty() ? "" : " ")
          .append(text.isEmpty() || abbreviation ? word : word.toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }

  private Map<String, Object> result(Verdict verdict, int rule) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ruleId", verdict.reason().name());
    result.put("ruleIndex", rule);
    result.put("level", level(verdict));
    result.put("message", Map.of("text", VerdictReport.sentence(verdict)));
    Position position = sources.locate(verdict);
    if (position != null) {
      Map<String, Object> physical = new LinkedHashMap<>();
      physical.put("artifactLocation", Map.of("uri", uri(position.file())));
      physical.put(
          "region", Map.of("startLine", position.line(), "startColumn", position.column()));
      Map<String, Object> location = new LinkedHashMap<>();
      location.put("physicalLocation", physical);
      location.put(
          "logicalLocations",
          List.of(Map.of("fullyQualifiedName", verdict.object() + " " + verdict.field())));
      result.put("locations", List.of(location));
    }
    return result;
  }

  private static String level(Verdict verdict) {
    return switch (Rank.of(verdict)) {
      case UNPROTECTED, REFUSED -> "error";
      case NO_EFFECT, DIFFERS -> "warning";
      case NOTE -> "note";
      case OK -> "none";
    };
  }

  /** A relative one for a relative path, so that it is the same on every machine. */
  private static String uri(String file) {
    if (Path.of(file).isAbsolute()) {
      return Path.of(file).toUri().toString();
    }
    try {
      String path = new URI(null, null, "/" + file, null).getRawPath().substring(1);
      int slash = path.indexOf('/');
      boolean likeScheme = (slash < 0 ? path : path.substring(0, slash)).indexOf(':') >= 0;
      return likeScheme ? "./" + path : path;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no path: " + file, e);
    }
  }
}
