package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A ConfigMap that an object may name.
 *
 * @param data {@code data} by key; empty where it is {@link #tooLarge}
 * @param tooLarge whether keys and values together have more than {@link #MOST_CHARACTERS}: nothing
 *     that is read from a ConfigMap is as long, and thousands of others would be in memory for nothing
 */
public record ConfigMapRecord(ObjectRef ref, SortedMap<String, String> data, boolean tooLarge)
    implements ClusterObject {

  /** The most characters that a kept ConfigMap may have; ConfigMaps have up to 1 MiB. */
  public static final int MOST_CHARACTERS = 65_536;

  public ConfigMapRecord {
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
  }

  /** Makes a ConfigMap with these entries, or with none of them when they are too large. */
  public static ConfigMapRecord of(ObjectRef ref, SortedMap<String, String> data) {
    long characters = 0;
    for (var entry : data.entrySet()) {
      characters += entry.getKey().length() + entry.getValue().length();
    }
    return characters > MOST_CHARACTERS
        ? new ConfigMapRecord(ref, new TreeMap<>(), true)
        : new ConfigMapRecord(ref, data, false);
  }
}
