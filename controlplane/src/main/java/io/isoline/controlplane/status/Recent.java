package io.isoline.controlplane.status;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not asked for longest when it is full. */
final class Recent<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1;

  private final int size;

  Recent(int size) {
    super(16, 0.75f, true);
    this.size = size;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > size;
  }
}
