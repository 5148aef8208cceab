package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Entry;
import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a YAML tree with the fields of its Kubernetes type and turns it into plain maps, lists
 * and values that fit the type. What does not fit becomes a {@link Problem}: an unknown field is
 * left out, as the API server does, a wrong type refuses the object, as the API server does too.
 *
 * <p>For one object and one thread.
 */
final class SchemaCheck {

  private static final String CLASS = "metadata.annotations[kubernetes.io/ingress.class]";

  private final TypeMismatch mismatch;
  private final String apiVersion;
  private final List<Problem> problems = new ArrayList<>();
  private final Deque<FieldSuggestion.Level> levels = new ArrayDeque<>();
  private Placeholder.@Nullable Found action;

  /**
   * @param secret whether values must not be shown in messages
   */
  SchemaCheck(String apiVersion, boolean secret) {
    this.apiVersion = apiVersion;
    this.mismatch = new TypeMismatch(secret);
  }

  List<Problem> problems() {
    return problems;
  }

  /** The first action of a template that is a value; null for none. */
  Placeholder.@Nullable Found action() {
    return action;
  }

  /** The object with known fields only; its values fit their types unless a problem says so. */
  Map<String, Object> check(Mapping object, ApiSchema.Fields schema) {
    return fields("", object, schema);
  }

  private @Nullable Object value(String path, YamlValue value, ApiSchema schema) {
    if (value instanceof Scalar scalar
        && (scalar.kind() == Scalar.Kind.NULL || unrendered(path, scalar, schema))) {
      return null;
    }
    return switch (schema) {
      case ApiSchema.Fields fields ->
          value instanceof Mapping mapping
              ? fields(path, mapping, fields)
              : refuse(path, value, schema);
      case ApiSchema.MapOf mapOf ->
          value instanceof Mapping mapping
              ? map(path, mapping, mapOf)
              : refuse(path, value, schema);
      case ApiSchema.ListOf listOf ->
          value instanceof Sequence sequence
              ? list(path, sequence, listOf)
              : refuse(path, value, schema);
      // Fields such as managedFields[].fieldsV1, of which nothing is used.
      case ApiSchema.Free free -> Map.of();
      case ApiSchema.Text text ->
          value instanceof Scalar scalar
                  && scalar.kind() == Scalar.Kind.STRING
              ? scalar.text()
              : refuse(path, value, schema);
      case ApiSchema.Flag flag ->
          value instanceof Scalar scalar && scalar.asBoolean() != null
              ? scalar.asBoolean()
              : refuse(path, value, schema);
      case ApiSchema.Whole whole -> {
        BigInteger number = value instanceof Scalar scalar ? whole(scalar) : null;
        yield number != null
                && number.compareTo(BigInteger.valueOf(whole.min())) >= 0
                && number.compareTo(BigInteger.valueOf(whole.max())) <= 0
            ? (Object) number.longValueExact()
            : refuse(path, value, schema);
      }
      case ApiSchema.IntOrText intOrText -> {
        if (value instanceof Scalar scalar && scalar.kind() == Scalar.Kind.STRING) {
          yield scalar.text();
        }
        BigInteger number = value instanceof Scalar scalar ? whole(scalar) : null;
        yield number != null && number.bitLength() < 32
            ? (Object) number.intValueExact()
            : refuse(path, value, schema);
      }
    };
  }

  /**
   * Whether a value holds a placeholder that should have been replaced before. Labels may hold one.
   */
  private boolean unrendered(String path, Scalar scalar, ApiSchema schema) {
    boolean free = path.endsWith("]") && path.startsWith("metadata.") && !path.equals(CLASS);
    if (scalar.kind() != Scalar.Kind.STRING || free || isData(path) || !holdsOneValue(schema)) {
      return false;
    }
    Placeholder placeholder =
        path.endsWith(".path")
            ? Placeholder.inPath(scalar.text())
            : Placeholder.inName(scalar.text());
    if (placeholder == null) {
      return false;
    } else if (!placeholder.ofTemplate()) {
      problems.add(Problem.invalid(path, scalar, placeholder.message(), placeholder.fix()));
    } else if (action == null) {
      action = new Placeholder.Found(placeholder, scalar);
    }
    return true;
  }

  /** Whether a field holds data of a Secret, which may be any text. */
  private static boolean isData(String path) {
    return path.startsWith("data[") || path.startsWith("stringData[");
  }

  private static boolean holdsOneValue(ApiSchema schema) {
    return switch (schema) {
      case ApiSchema.Text _, ApiSchema.Whole _, ApiSchema.Flag _, ApiSchema.IntOrText _ -> true;
      case ApiSchema.Free _, ApiSchema.ListOf _, ApiSchema.MapOf _, ApiSchema.Fields _ -> false;
    };
  }

  private Map<String, Object> fields(String path, Mapping mapping, ApiSchema.Fields schema) {
    defects(path, mapping);
    levels.push(new FieldSuggestion.Level(path, schema));
    Map<String, Object> result = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              ApiSchema field = schema.fields().get(name);
              if (field == null) {
                unknown(path, mapping, name, entry);
                return;
              }
              Object value = value(FieldPath.child(path, name), entry.value(), field);
              if (value != null) {
                result.put(name, value);
              }
            });
    levels.pop();
    return result;
  }

  private void unknown(String path, Mapping parent, String name, Entry entry) {
    var suggestion =
        FieldSuggestion.of(apiVersion, List.copyOf(levels), parent, name, entry.value());
    String field =
        name.matches("[A-Za-z0-9_-]+") ? FieldPath.child(path, name) : FieldPath.key(path, name);
    Placeholder placeholder = Placeholder.inName(name);
    if (placeholder != null) {
      problems.add(
          Problem.invalid(
              field, entry.line(), entry.column(), placeholder.message(), placeholder.fix()));
      return;
    }
    problems.add(
        new Problem(
            field,
            entry.line(),
            entry.column(),
            Outcome.NO_EFFECT,
            Reason.UnknownField,
            suggestion.message(),
            suggestion.fix()));
  }

  private Map<String, Object> map(String path, Mapping mapping, ApiSchema.MapOf schema) {
    defects(path, mapping);
    Map<String, Object> result = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              Object value = value(FieldPath.key(path, key), entry.value(), schema.value());
              if (value != null) {
                result.put(key, value);
              } else if (schema.value() instanceof ApiSchema.Text) {
                // The API server reads a missing value of a text as the empty one.
                result.put(key, "");
              }
            });
    return result;
  }

  private List<Object> list(String path, Sequence sequence, ApiSchema.ListOf schema) {
    List<Object> result = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlValue item = sequence.items().get(i);
      String itemPath = FieldPath.item(path, i);
      if (item instanceof Scalar scalar && scalar.kind() == Scalar.Kind.NULL) {
        problems.add(
            Problem.invalid(
                itemPath, item, "the list has an empty element", "remove it, or fill it in"));
      }
      Object value = value(itemPath, item, schema.element());
      result.add(value == null ? empty(schema.element()) : value);
    }
    return result;
  }

  /** What takes the place of an element that does not fit, so that the others keep theirs. */
  private static Object empty(ApiSchema element) {
    return switch (element) {
      case ApiSchema.Fields _, ApiSchema.MapOf _, ApiSchema.Free _ -> Map.of();
      case ApiSchema.ListOf _ -> List.of();
      case ApiSchema.Text _ -> "";
      case ApiSchema.Flag _ -> false;
      case ApiSchema.Whole _, ApiSchema.IntOrText _ -> 0;
    };
  }

  private void defects(String path, Mapping mapping) {
    for (YamlValue.Defect defect : mapping.defects()) {
      problems.add(
          Problem.invalid(path, defect.line(), defect.column(), defect.message(), defect.fix()));
    }
  }

  /** {@code 8080}, {@code 0x1F90} and {@code 8080.0}; null for anything else. */
  private static @Nullable BigInteger whole(Scalar scalar) {
    return switch (scalar.kind()) {
      case INTEGER -> scalar.asInteger();
      case FLOAT -> {
        try {
          BigDecimal number = new BigDecimal(PlainScalar.digits(scalar.text()));
          yield number.scale() > 20 || number.scale() < -20 ? null : number.toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException e) {
          yield null;
        }
      }
      case STRING, BOOLEAN, NULL, TAGGED -> null;
    };
  }

  private @Nullable Object refuse(String path, YamlValue value, ApiSchema expected) {
    if (value instanceof Mapping mapping && !mapping.defects().isEmpty()) {
      // A template such as {{ port }} is a mapping for YAML, but nobody wanted to write one.
      defects(path, mapping);
    } else {
      problems.add(mismatch.problem(path, value, expected));
    }
    return null;
  }
}
