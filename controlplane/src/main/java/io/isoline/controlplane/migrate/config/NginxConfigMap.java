package io.isoline.controlplane.migrate.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A ConfigMap as it stands in a file, or the part of Helm values that becomes one.
 *
 * @param name {@code namespace/name}, or the path of the part in Helm values
 * @param data the entries, by key, in the order of the file
 */
record NginxConfigMap(String name, Map<String, Entry> data) {

  NginxConfigMap {
    data = new LinkedHashMap<>(data);
  }

  /**
   * One value.
   *
   * @param place {@code file:line} of its key
   */
  record Entry(String value, String place) {}

  /** Whether it is one of tcp-services or udp-services: its keys are ports. */
  boolean isOfPorts() {
    return name.matches("tcp|udp|(.*/)?(tcp|udp)-services")
        || (!data.isEmpty() && data.keySet().stream().allMatch(key -> key.matches("[0-9]{1,5}")));
  }
}
