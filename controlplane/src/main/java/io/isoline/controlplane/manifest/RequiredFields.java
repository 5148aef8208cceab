package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.text.SimilarName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the API server for Services and EndpointSlices without which an object has no
 * meaning. Those of an Ingress are the translation's, as it gives a verdict for each path.
 */
final class RequiredFields {

  private static final int MAX_PORT = 65535;
  private static final List<String> ADDRESS_TYPES = List.of("IPv4", "IPv6", "FQDN");

  private RequiredFields() {}

  static void check(
      KnownKind kind, Map<String, Object> fields, Mapping source, List<Problem> problems) {
    switch (kind) {
      case SERVICE -> {
        if (fields.get("spec") instanceof Map<?, ?> spec
            && source.get("spec") instanceof Mapping specSource) {
          ports("spec.ports", spec.get("ports"), specSource, true, problems);
        }
      }
      case ENDPOINT_SLICE -> {
        ports("ports", fields.get("ports"), source, false, problems);
        addressType(fields, source, problems);
      }
      case ENDPOINTS -> {
        if (fields.get("subsets") instanceof List<?> subsets
            && source.get("subsets") instanceof Sequence sources
            && subsets.size() == sources.items().size()) {
          for (int i = 0; i < subsets.size(); i++) {
            if (subsets.get(i) instanceof Map<?, ?> subset
                && sources.items().get(i) instanceof Mapping subsetSource) {
              String path = FieldPath.item("subsets", i) + ".ports";
              ports(path, subset.get("ports"), subsetSource, true, problems);
            }
          }
        }
      }
      case INGRESS, INGRESS_CLASS, SECRET, CONFIG_MAP, NAMESPACE -> {}
    }
  }

  private static void ports(
      String path,
      @Nullable Object ports,
      Mapping parent,
      boolean required,
      List<Problem> problems) {
    if (!(ports instanceof List<?> list) || !(parent.get("ports") instanceof Sequence sequence)) {
      return;
    }
    if (list.size() != sequence.items().size()) {
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map<?, ?> port)
          || !(sequence.items().get(i) instanceof Mapping source)) {
        continue;
      }
      String field = FieldPath.item(path, i) + ".port";
      YamlValue at = source.get("port");
      if (at == null && required) {
        problems.add(
            Problem.invalid(
                field, source, "the port has no number", "add `port:` with 1 to " + MAX_PORT));
      } else if (at != null
          && port.get("port") instanceof Long number
          && (number < 1 || number > MAX_PORT)) {
        problems.add(
            Problem.invalid(
                field, at, number + " is not a port", "write a number from 1 to " + MAX_PORT));
      }
    }
  }

  private static void addressType(
      Map<String, Object> fields, Mapping source, List<Problem> problems) {
    YamlValue at = source.get("addressType");
    if (at == null) {
      problems.add(
          Problem.invalid(
              "addressType", source, "`addressType` is missing", "add `addressType: IPv4`"));
    } else if (fields.get("addressType") instanceof String type && !ADDRESS_TYPES.contains(type)) {
      String similar = SimilarName.of(type, ADDRESS_TYPES);
      problems.add(
          Problem.invalid(
              "addressType",
              at,
              "`" + type + "` is not a type of address",
              similar == null
                  ? "write one of " + String.join(", ", ADDRESS_TYPES)
                  : "did you mean `" + similar + "`?"));
    }
  }
}
