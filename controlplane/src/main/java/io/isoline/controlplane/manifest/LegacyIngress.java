package io.isoline.controlplane.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts Ingress and IngressClass of {@code v1beta1} to {@code networking.k8s.io/v1}, as the
 * Kubernetes deprecation guide describes it for 1.22.
 */
final class LegacyIngress {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  private LegacyIngress() {}

  /** The object in {@code networking.k8s.io/v1}; of an Ingress the backends are rewritten. */
  static Map<String, Object> toV1(Map<String, Object> object) {
    Map<String, Object> v1 = new LinkedHashMap<>(object);
    v1.put("apiVersion", KnownKind.INGRESS.apiVersion());
    if (KnownKind.INGRESS.text().equals(object.get("kind"))
        && object.get("spec") instanceof Map<?, ?> spec) {
      v1.put("spec", spec(spec));
    }
    return v1;
  }

  /** The object as YAML to paste; without its status, which only the cluster writes. */
  static String yaml(Map<String, Object> object) {
    Map<String, Object> written = new LinkedHashMap<>(object);
    written.remove("status");
    try {
      return YAML.writeValueAsString(written);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists of values can always be written", e);
    }
  }

  private static Map<String, Object> spec(Map<?, ?> spec) {
    Map<String, Object> v1 = new LinkedHashMap<>();
    for (var field : spec.entrySet()) {
      switch ((String) field.getKey()) {
        case "backend" -> v1.put("defaultBackend", backend(field.getValue()));
        case "rules" ->
            v1.put("rules", list(field.getValue()).stream().map(LegacyIngress::rule).toList());
        default -> v1.put((String) field.getKey(), field.getValue());
      }
    }
    return v1;
  }

  private static Object rule(Object rule) {
    Map<String, Object> v1 = copy(rule);
    if (v1.get("http") instanceof Map<?, ?> http && http.containsKey("paths")) {
      Map<String, Object> v1Http = copy(http);
      List<Object> paths = new ArrayList<>();
      for (Object path : list(http.get("paths"))) {
        Map<String, Object> v1Path = new LinkedHashMap<>();
        Map<String, Object> old = copy(path);
        if (old.containsKey("path")) {
          v1Path.put("path", old.get("path"));
        }
        v1Path.put("pathType", old.getOrDefault("pathType", "ImplementationSpecific"));
        if (old.containsKey("backend")) {
          v1Path.put("backend", backend(old.get("backend")));
        }
        paths.add(v1Path);
      }
      v1Http.put("paths", paths);
      v1.put("http", v1Http);
    }
    return v1;
  }

  private static Object backend(@Nullable Object backend) {
    Map<String, Object> old = copy(backend);
    Map<String, Object> v1 = new LinkedHashMap<>();
    Object name = old.get("serviceName");
    Object port = old.get("servicePort");
    if (name != null || port != null) {
      Map<String, Object> service = new LinkedHashMap<>();
      if (name != null) {
        service.put("name", name);
      }
      if (port != null) {
        service.put("port", port(port));
      }
      v1.put("service", service);
    }
    if (old.get("resource") != null) {
      v1.put("resource", old.get("resource"));
    }
    return v1;
  }

  private static Map<String, Object> port(Object port) {
    if (port instanceof String text) {
      boolean digits =
          text.length() < 6 && !text.isEmpty() && text.chars().allMatch(Character::isDigit);
      return digits ? Map.of("number", Integer.valueOf(text)) : Map.of("name", text);
    }
    return Map.of("number", port);
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static Map<String, Object> copy(@Nullable Object value) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, of) -> copy.put((String) key, of));
    }
    return copy;
  }
}
