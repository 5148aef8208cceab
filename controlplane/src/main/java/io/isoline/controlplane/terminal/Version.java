package io.isoline.controlplane.terminal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions that are running.
 *
 * @param isoline the version of this program
 * @param java the version of the Java runtime
 */
public record Version(String isoline, String java) {

  public static Version current() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return new Version(
        version == null ? "unpackaged" : version, System.getProperty("java.runtime.version", ""));
  }

  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("isoline", isoline);
    tree.put("java", java);
    return tree;
  }
}
