package io.isoline.controlplane.manifest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.isoline.controlplane.manifest.YamlValue.Entry;
import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns one document into objects. Everything that is wrong with an object stays with it; the items
 * of a List are objects of their own.
 */
final class DocumentReader {

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final FileContents.Builder file;

  DocumentReader(FileContents.Builder file) {
    this.file = file;
  }

  void read(YamlValue root, String path) {
    object(root, path, "", "");
  }

  /**
   * Reads one object.
   *
   * @param path its place in the file
   * @param listVersion the version of the typed list that it is an item of, else empty
   * @param listKind the kind of the items of that list, else empty
   */
  private void object(YamlValue value, String path, String listVersion, String listKind) {
    boolean item = path.indexOf('.') >= 0;
    ForeignFile foreign = item ? null : ForeignFile.of(file.file(), value);
    if (foreign != null) {
      file.foreign(path, value, foreign);
      if (value instanceof Mapping root) {
        file.patches(Kustomization.patches(file.file(), root));
      }
      return;
    }
    if (!(value instanceof Mapping object)) {
      unassigned(
          path,
          value,
          "the document is " + value.noun() + ", but a Kubernetes object is a mapping",
          value instanceof Sequence
              ? "begin it with `apiVersion: v1`, `kind: List`, and put the list under `items:`"
              : "begin it with `apiVersion:` and `kind:`");
      return;
    }
    String version = object.text("apiVersion") == null ? listVersion : text(object, "apiVersion");
    String kind = object.text("kind") == null ? listKind : text(object, "kind");
    if (unrendered(object, path)) {
      return;
    }
    if (kind.endsWith("List") && object.get("items") instanceof Sequence items) {
      list(items, path, version, kind);
    } else if (kind.isEmpty() || version.isEmpty()) {
      untyped(object, path, version, kind);
    } else {
      switch (Resolution.of(version, kind)) {
        case Resolution.Known known -> known(object, path, known);
        case Resolution.Ignored ignored -> ignored(object, path, version, kind);
        case Resolution.Refused refused -> refused(object, path, refused);
      }
    }
  }

  private static String text(Mapping mapping, String key) {
    String text = mapping.text(key);
    return text == null ? "" : text;
  }

  private void list(Sequence items, String path, String version, String kind) {
    boolean typed = !kind.equals("List");
    for (int i = 0; i < items.items().size(); i++) {
      object(
          items.items().get(i),
          FieldPath.item(path + ".items", i),
          typed ? version : "",
          typed ? kind.substring(0, kind.length() - "List".length()) : "");
    }
  }

  /** Whether the type of an object is a placeholder, or its name an action of a template. */
  private boolean unrendered(Mapping object, String path) {
    for (String key : List.of("apiVersion", "kind")) {
      if (object.get(key) instanceof Scalar scalar) {
        Placeholder placeholder = Placeholder.inName(scalar.text());
        if (placeholder != null && placeholder.ofTemplate()) {
          file.template(path, scalar.line(), scalar.column(), placeholder.text());
          return true;
        } else if (placeholder != null) {
          unassigned(
              FieldPath.child(path, key), scalar, placeholder.message(), placeholder.fix());
          return true;
        }
      }
    }
    if (object.get("metadata") instanceof Mapping metadata) {
      for (String key : List.of("name", "namespace")) {
        if (metadata.get(key) instanceof Scalar scalar) {
          Placeholder placeholder = Placeholder.inName(scalar.text());
          if (placeholder != null && placeholder.ofTemplate()) {
            file.template(path, scalar.line(), scalar.column(), placeholder.text());
            return true;
          }
        }
      }
    }
    return false;
  }

  private void untyped(Mapping object, String path, String version, String kind) {
    if (kind.isEmpty() && version.isEmpty()) {
      unassigned(
          path,
          object,
          "not a Kubernetes object: it has neither `apiVersion` nor `kind`",
          "add both, or keep the file out of the manifests");
      return;
    }
    String missing = kind.isEmpty() ? "kind" : "apiVersion";
    String fix = "add `" + missing + ":`";
    if (Kind.of(kind) instanceof KnownKind known) {
      fix = "add `apiVersion: " + known.apiVersion() + "`";
    }
    unassigned(path, object, "`" + missing + "` is missing", fix);
  }

  private void unassigned(String path, YamlValue at, String message, String fix) {
    file.unassigned(
        path, new Position(file.file(), at.line(), at.column()), Reason.InvalidValue, message, fix);
  }

  private void refused(Mapping object, String path, Resolution.Refused refused) {
    Entry field = object.entries().get(refused.field());
    YamlValue at = field == null ? object : field.value();
    ObjectRef ref = looseRef(object, refused.meant());
    if (ref == null) {
      unassigned(FieldPath.child(path, refused.field()), at, refused.message(), refused.fix());
      return;
    }
    file.refused(ref, PositionTree.of(object));
    file.finding(path, ref, Problem.invalid(refused.field(), at, refused.message(), refused.fix()));
  }

  private void ignored(Mapping object, String path, String version, String kind) {
    Mapping metadata =
        object.get("metadata") instanceof Mapping mapping ? mapping : new Mapping(0, 0);
    String namespace = text(metadata, "namespace");
    var ref = new ObjectRef(Kind.of(kind), namespace, text(metadata, "name"));
    Workload workload =
        WorkloadReader.read(
            version, new ObjectRef(ref.kind(), orDefault(namespace), ref.name()), object);
    if (workload != null) {
      file.workload(workload);
      ref = workload.ref();
    }
    String message =
        ref.kind() instanceof KnownKind known
            ? "this %s is of %s; Isoline reads those of %s"
                .formatted(known, version, known.apiVersion())
            : "Isoline does not use objects of kind " + kind;
    file.finding(
        path,
        new Verdict(ref, "", Outcome.NO_EFFECT, Reason.IgnoredKind, message, ""),
        new Position(file.file(), object.line(), object.column()));
  }

  private static String orDefault(String namespace) {
    return namespace.isEmpty() ? "default" : namespace;
  }

  private void known(Mapping object, String path, Resolution.Known known) {
    KnownKind kind = known.kind();
    var check = new SchemaCheck(known.apiVersion(), kind == KnownKind.SECRET);
    // The model of an older version was made for one group; the spelling is the same in all.
    Map<String, Object> fields = check.check(object, ApiSchema.of(known.schema()));
    Placeholder.@Nullable Found action = check.action();
    if (action != null) {
      file.template(path, action.at().line(), action.at().column(), action.placeholder().text());
      ObjectRef templated = looseRef(object, kind);
      if (templated != null) {
        file.refused(templated, PositionTree.of(object));
      }
      return;
    }
    fields.put("apiVersion", known.apiVersion());
    fields.put("kind", kind.text());
    List<Problem> problems = new ArrayList<>(check.problems());
    ObjectRef ref = metadata(object, fields, kind, problems);
    if (ref == null) {
      for (Problem problem : problems) {
        file.unassigned(
            FieldPath.child(path, problem.path()),
            new Position(file.file(), problem.line(), problem.column()),
            problem.reason(),
            problem.message(),
            problem.fix());
      }
      return;
    }
    RequiredFields.check(kind, fields, object, problems);
    if (kind == KnownKind.SECRET) {
      SecretValues.merge(fields, object, problems);
    }
    PositionTree positions = PositionTree.of(object);
    if (known.older()) {
      fields = LegacyIngress.toV1(fields);
      positions = positions.withAlias("spec", "backend", "defaultBackend");
    }
    HasMetadata model =
        problems.stream().anyMatch(Problem::refuses) ? null : model(fields, kind, object, problems);
    problems.forEach(problem -> file.finding(path, ref, problem));
    if (model == null) {
      if (kind == KnownKind.INGRESS && !known.older()) {
        hiddenMistakes(path, ref, fields, problems, positions);
      }
      file.refused(ref, positions);
      return;
    }
    if (known.older()) {
      converted(path, ref, object, known.apiVersion(), fields);
    }
    model.getMetadata().setNamespace(kind.isNamespaced() ? ref.namespace() : null);
    if (model instanceof Endpoints endpoints) {
      mirrored(path, ref, object, endpoints, positions);
    } else {
      file.object(ref, model, path, positions);
    }
  }

  private void mirrored(
      String path, ObjectRef ref, Mapping object, Endpoints endpoints, PositionTree positions) {
    String excluded = EndpointsMirror.excluded(endpoints);
    List<EndpointSlice> slices =
        excluded == null ? EndpointsMirror.slices(endpoints) : List.of();
    slices.forEach(slice -> file.mirror(ref, slice, path, positions));
    if (!slices.isEmpty()) {
      return;
    }
    file.finding(
        path,
        EndpointsMirror.ignored(ref, excluded == null ? "it holds no address" : excluded),
        new Position(file.file(), object.line(), object.column()));
  }

  private void hiddenMistakes(
      String path,
      ObjectRef ref,
      Map<String, Object> fields,
      List<Problem> problems,
      PositionTree positions) {
    HasMetadata partial =
        model(fields, KnownKind.INGRESS, new Mapping(0, 0), new ArrayList<>());
    if (partial != null && partial.getMetadata() != null) {
      for (Verdict mistake : HiddenMistakes.of(ref, partial, problems)) {
        file.finding(path, mistake, positions.nearest(mistake.field()).key(file.file()));
      }
    }
  }

  private void converted(
      String path, ObjectRef ref, Mapping object, String version, Map<String, Object> fields) {
    YamlValue at = object.get("apiVersion");
    file.finding(
        path,
        ref,
        new Problem(
            "apiVersion",
            at == null ? object.line() : at.line(),
            at == null ? object.column() : at.column(),
            Outcome.APPLIED_WITH_DIFFERENCE,
            Reason.DeprecatedVersion,
            "Kubernetes no longer serves " + version + " since 1.22; it was converted",
            "# Write it in networking.k8s.io/v1:\n" + LegacyIngress.yaml(fields)));
  }

  private static @Nullable HasMetadata model(
      Map<String, Object> fields, KnownKind kind, Mapping object, List<Problem> problems) {
    try {
      return JSON.convertValue(fields, kind.model());
    } catch (IllegalArgumentException e) {
      problems.add(
          Problem.invalid(
              "",
              object,
              "does not fit the Kubernetes API: "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
              "compare it with `kubectl explain " + kind + "`"));
      return null;
    }
  }

  /** Whether it is written, but as an empty text or as {@code null}. */
  private static boolean isNothing(YamlValue value) {
    return value instanceof Scalar scalar
        && (scalar.text().isEmpty() || scalar.kind() == Scalar.Kind.NULL);
  }

  /** The identity of an object; null when it has none. */
  private @Nullable ObjectRef metadata(
      Mapping object, Map<String, Object> fields, KnownKind kind, List<Problem> problems) {
    YamlValue metadata = object.get("metadata");
    YamlValue name = metadata instanceof Mapping mapping ? mapping.get("name") : null;
    Map<?, ?> known = fields.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
    if (name == null || isNothing(name)) {
      if (!(metadata instanceof Scalar other) || other.kind() == Scalar.Kind.NULL) {
        problems.add(missingName(object, metadata, kind, known.containsKey("generateName")));
      }
      return null;
    }
    if (!(name instanceof Scalar scalar)) {
      return null;
    }
    String namespace =
        known.get("namespace") instanceof String text && kind.isNamespaced() ? text : "";
    var ref =
        new ObjectRef(kind, kind.isNamespaced() ? orDefault(namespace) : "", scalar.text());
    var fault =
        kind == KnownKind.SERVICE
            ? ObjectName.label(scalar.text())
            : ObjectName.subdomain(scalar.text());
    if (fault != null && known.containsKey("name")) {
      problems.add(Problem.invalid("metadata.name", scalar, fault.message(), fault.fix()));
    }
    namespaceFault(object, namespace, kind, problems);
    return ref;
  }

  private static Problem missingName(
      Mapping object, @Nullable YamlValue metadata, KnownKind kind, boolean generated) {
    YamlValue at = metadata == null ? object : metadata;
    return generated
        ? Problem.invalid(
            "metadata.generateName",
            at,
            "`generateName` works only when a cluster makes the name",
            "write `name:` instead")
        : Problem.invalid(
            "metadata.name",
            at,
            "the " + kind + " has no name",
            "add `metadata:` with `name:`");
  }

  private static void namespaceFault(
      Mapping object, String namespace, KnownKind kind, List<Problem> problems) {
    YamlValue at =
        object.get("metadata") instanceof Mapping metadata ? metadata.get("namespace") : null;
    if (at == null) {
      return;
    }
    if (!kind.isNamespaced()) {
      problems.add(
          new Problem(
              "metadata.namespace",
              at.line(),
              at.column(),
              Outcome.NO_EFFECT,
              Reason.InvalidValue,
              "objects of kind " + kind + " belong to the whole cluster, not to a namespace",
              "remove `namespace`"));
      return;
    }
    var fault = namespace.isEmpty() ? null : ObjectName.label(namespace);
    if (fault != null) {
      problems.add(Problem.invalid("metadata.namespace", at, fault.message(), fault.fix()));
    }
  }

  /** The identity of an object that is not checked further. */
  private static @Nullable ObjectRef looseRef(Mapping object, KnownKind kind) {
    if (!(object.get("metadata") instanceof Mapping metadata)) {
      return null;
    }
    String name = text(metadata, "name");
    String namespace = kind.isNamespaced() ? orDefault(text(metadata, "namespace")) : "";
    return name.isEmpty() ? null : new ObjectRef(kind, namespace, name);
  }
}
