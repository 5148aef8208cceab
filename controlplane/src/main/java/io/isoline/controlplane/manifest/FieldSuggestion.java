package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.translator.text.SimilarName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the author of an unknown field could have meant: a spelling of an older API version, a typo,
 * a field of a deeper level, or one of an outer level (wrong indentation).
 */
record FieldSuggestion(String message, String fix) {

  private static final int DEPTH_BELOW = 2;
  private static final int MAX_LISTED = 12;

  /** A mapping on the way from the object to the unknown field. */
  record Level(String path, ApiSchema.Fields schema) {}

  /**
   * Finds the likeliest meaning.
   *
   * @param levels from the mapping that holds the field up to the object
   * @param parent the mapping that holds the field
   */
  static FieldSuggestion of(
      String apiVersion, List<Level> levels, Mapping parent, String name, YamlValue value) {
    Level here = levels.getFirst();
    String where = here.path().isEmpty() ? "the object" : "`" + here.path() + "`";
    String unknown = "`" + name + "` is not a field of " + where + " in " + apiVersion;
    FieldSuggestion known = otherVersion(apiVersion, here, parent, name, unknown);
    if (known != null) {
      return known;
    }
    String similar = SimilarName.of(name, here.schema().fields().keySet());
    if (similar != null) {
      return new FieldSuggestion(unknown, "did you mean `" + similar + "`?");
    }
    String below = below(here.schema(), SimilarName.plain(name), DEPTH_BELOW);
    if (below != null) {
      return new FieldSuggestion(unknown, "did you mean `" + below + "`?");
    }
    for (Level outer : levels.subList(1, levels.size())) {
      String there = equal(name, outer.schema().fields().keySet());
      if (there != null) {
        String place = outer.path().isEmpty() ? "the object itself" : "`" + outer.path() + "`";
        return new FieldSuggestion(
            unknown, "`" + there + "` belongs to " + place + ": indent it less");
      }
    }
    if (value instanceof Mapping mapping
        && mapping.entries().keySet().stream().anyMatch(here.schema().fields()::containsKey)) {
      return new FieldSuggestion(
          unknown, "remove `" + name + ":` and indent the fields below it less");
    }
    return here.schema().fields().size() <= MAX_LISTED
        ? new FieldSuggestion(
            unknown,
            "remove it; the fields are " + String.join(", ", here.schema().fields().keySet()))
        : new FieldSuggestion(unknown, "remove it");
  }

  /** The fields of an Ingress that have another spelling in another version of the API. */
  private static @Nullable FieldSuggestion otherVersion(
      String apiVersion, Level here, Mapping parent, String name, String unknown) {
    var fields = here.schema().fields();
    boolean v1Backend = fields.containsKey("service") && fields.containsKey("resource");
    String plain = SimilarName.plain(name);
    if (v1Backend && (plain.equals("servicename") || plain.equals("serviceport"))) {
      return new FieldSuggestion(
          unknown + "; it is the spelling of v1beta1", "write\n" + v1Backend(parent));
    }
    if (plain.equals("backend") && fields.containsKey("defaultBackend")) {
      return new FieldSuggestion(
          unknown + "; it is the spelling of v1beta1", "did you mean `defaultBackend`?");
    }
    boolean beta = apiVersion.endsWith("v1beta1");
    if (beta && (plain.equals("defaultbackend") || plain.equals("service"))) {
      return new FieldSuggestion(
          unknown + "; it is the spelling of v1", "write `apiVersion: networking.k8s.io/v1`");
    }
    if (fields.containsKey("port") && fields.containsKey("name") && fields.size() == 2) {
      if (plain.equals("portnumber") || plain.equals("serviceport")) {
        return new FieldSuggestion(unknown, "did you mean `port.number`?");
      } else if (plain.equals("portname")) {
        return new FieldSuggestion(unknown, "did you mean `port.name`?");
      }
    }
    return null;
  }

  /** {@code serviceName} and {@code servicePort} as v1 writes them. */
  private static String v1Backend(Mapping backend) {
    String name = "…";
    String port = "number: …";
    for (var entry : backend.entries().entrySet()) {
      if (!(entry.getValue().value() instanceof Scalar scalar)) {
        continue;
      }
      if (SimilarName.plain(entry.getKey()).equals("servicename")) {
        name = scalar.text();
      } else if (SimilarName.plain(entry.getKey()).equals("serviceport")) {
        port = (scalar.kind() == Scalar.Kind.INTEGER ? "number: " : "name: ") + scalar.text();
      }
    }
    return "service:\n  name: " + name + "\n  port:\n    " + port;
  }

  private static @Nullable String equal(String name, Iterable<String> candidates) {
    for (String candidate : candidates) {
      if (SimilarName.plain(candidate).equals(SimilarName.plain(name))) {
        return candidate;
      }
    }
    return null;
  }

  private static @Nullable String below(ApiSchema.Fields schema, String name, int depth) {
    record Reached(String path, ApiSchema schema) {}
    List<Reached> level = List.of(new Reached("", schema));
    for (int i = 0; i <= depth; i++) {
      List<Reached> next = new ArrayList<>();
      for (Reached reached : level) {
        if (!(inside(reached.schema()) instanceof ApiSchema.Fields fields)) {
          continue;
        }
        String prefix = reached.path() + (reached.schema() instanceof ApiSchema.ListOf ? "[]" : "");
        for (Map.Entry<String, ApiSchema> field : fields.fields().entrySet()) {
          // What the server writes is never what an author means.
          if (field.getKey().equals("status") || field.getKey().equals("managedFields")) {
            continue;
          }
          String path = FieldPath.child(prefix, field.getKey());
          if (i > 0 && SimilarName.plain(field.getKey()).equals(name)) {
            return path;
          }
          next.add(new Reached(path, field.getValue()));
        }
      }
      level = next;
    }
    return null;
  }

  private static ApiSchema inside(ApiSchema schema) {
    return schema instanceof ApiSchema.ListOf list ? inside(list.element()) : schema;
  }
}
