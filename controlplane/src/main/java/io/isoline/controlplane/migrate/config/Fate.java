package io.isoline.controlplane.migrate.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What becomes of one key of the ConfigMap with its value. Words are clauses without a full stop.
 */
sealed interface Fate {

  /**
   * Isoline has a setting for it.
   *
   * @param settings values as YAML, by the path of the key in our file
   * @param difference in what it does otherwise; empty when in nothing
   */
  record TakenOver(Map<String, String> settings, String difference) implements Fate {
    public TakenOver {
      settings = new LinkedHashMap<>(settings);
    }

    TakenOver(String path, String value) {
      this(Map.of(path, value), "");
    }

    TakenOver(String path, String value, String difference) {
      this(Map.of(path, value), difference);
    }
  }

  /** Isoline does what it asks for by itself. */
  record AlreadySo(String why) implements Fate {}

  /** It is about nginx itself, and Envoy has no need for it. */
  record NotNeeded(String why) implements Fate {}

  /** Isoline has nothing for it. */
  record NoCounterpart(String what, String instead) implements Fate {}

  /**
   * Isoline has nothing for it, and it protects: it keeps somebody out, or limits what somebody can
   * do.
   */
  record ProtectionLost(String what, String instead) implements Fate {}

  /** ingress-nginx cannot read the value either, and takes its default. */
  record Invalid(String why) implements Fate {}

  /** A text as YAML takes it for one, whatever is in it. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
