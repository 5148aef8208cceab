package io.isoline.controlplane.migrate.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Keys about the compression of answers: ingress-nginx has them for each algorithm. */
final class CompressionKeys {

  private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+");

  /** The keys that turn an algorithm on, by the beginning of its other keys. */
  private static final Map<String, String> SWITCHES =
      new TreeMap<>(Map.of("gzip", "use-gzip", "brotli", "enable-brotli"));

  private CompressionKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    Rule algorithms = (value, others) -> Rule.flag(on -> algorithms(others)).of(value, others);
    rules.put("use-gzip", algorithms);
    rules.put("enable-brotli", algorithms);
    for (Map.Entry<String, String> algorithm : SWITCHES.entrySet()) {
      String name = algorithm.getKey();
      String on = algorithm.getValue();
      rules.put(name + "-level", Rule.notNeeded("Envoy has a level of its own").within(on));
      rules.put(
          name + "-min-length",
          ((Rule) (value, others) -> Rule.size(any -> minimum(others)).of(value, others))
              .within(on));
      rules.put(name + "-types", ((Rule) (value, others) -> types(value, others)).within(on));
    }
    rules.put("gzip-disable", Rule.notNeeded("no browser in use needs it").within("use-gzip"));
    return rules;
  }

  private static Fate algorithms(Function<String, String> others) {
    List<String> algorithms = new ArrayList<>();
    if (Boolean.TRUE.equals(NginxValue.flag(others.apply("enable-brotli")))) {
      algorithms.add("brotli");
    }
    if (Boolean.TRUE.equals(NginxValue.flag(others.apply("use-gzip")))) {
      algorithms.add("gzip");
    }
    return algorithms.isEmpty()
        ? new Fate.AlreadySo("answers are not compressed")
        : new Fate.TakenOver("compression.algorithms", "[" + String.join(", ", algorithms) + "]");
  }

  /** The values that the algorithms in use have for a suffix of their keys. */
  private static List<String> said(String suffix, Function<String, String> others) {
    List<String> said = new ArrayList<>();
    SWITCHES.forEach(
        (name, on) -> {
          String value = others.apply(name + suffix);
          if (!value.isEmpty() && Boolean.TRUE.equals(NginxValue.flag(others.apply(on)))) {
            said.add(value);
          }
        });
    return said;
  }

  private static Fate minimum(Function<String, String> others) {
    long least = Long.MAX_VALUE;
    for (String value : said("-min-length", others)) {
      Long bytes = NginxValue.bytes(value);
      least = bytes == null ? least : Math.min(least, Math.max(1, bytes));
    }
    return new Fate.TakenOver("compression.minimumSize", NginxValue.size(least));
  }

  private static Fate types(String value, Function<String, String> others) {
    Set<String> types = new LinkedHashSet<>();
    for (String list : said("-types", others)) {
      for (String type : list.strip().split("[ ,]+", -1)) {
        if (TYPE.matcher(type).matches()) {
          types.add(type);
        }
      }
    }
    if (types.isEmpty()) {
      return value.strip().equals("*")
          ? new Fate.NoCounterpart(
              "not every type can be compressed", "list them in compression.contentTypes")
          : Rule.invalid(value, "names no content type");
    }
    return new Fate.TakenOver("compression.contentTypes", "[" + String.join(", ", types) + "]");
  }
}
