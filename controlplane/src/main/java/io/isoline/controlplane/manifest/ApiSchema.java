package io.isoline.controlplane.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.AnyType;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fields of a Kubernetes type. They are taken from the fabric8 model classes, which are made
 * from the API's own definition: the model has exactly one field, annotated with its name, for each
 * field of the API, and puts the others into a map that has no annotation.
 */
sealed interface ApiSchema {

  record Text() implements ApiSchema {}

  record Whole(long min, long max) implements ApiSchema {}

  record Flag() implements ApiSchema {}

  record IntOrText() implements ApiSchema {}

  /** Whatever the author likes; nothing that Isoline reads. */
  record Free() implements ApiSchema {}

  record ListOf(ApiSchema element) implements ApiSchema {}

  /** A mapping whose keys are free text, such as annotations. */
  record MapOf(ApiSchema value) implements ApiSchema {}

  /** A mapping whose keys are known, in the order of the alphabet. */
  record Fields(Map<String, ApiSchema> fields) implements ApiSchema {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** The words for what is expected, with an article. */
  default String noun() {
    return switch (this) {
      case Text text -> "a string";
      case Whole whole -> "a whole number";
      case Flag flag -> "true or false";
      case IntOrText intOrText -> "a number or a string";
      case Free free -> "anything";
      case ListOf listOf -> "a list";
      case MapOf mapOf -> "a mapping";
      case Fields fields -> "a mapping";
    };
  }

  /** The schema of a model class. */
  static Fields of(Class<?> model) {
    Fields known = Cache.FIELDS.get(model);
    if (known != null) {
      return known;
    }
    Map<String, ApiSchema> fields = new java.util.TreeMap<>();
    for (Field field : model.getDeclaredFields()) {
      JsonProperty property = field.getAnnotation(JsonProperty.class);
      if (property != null) {
        fields.put(property.value(), of(field.getGenericType()));
      }
    }
    var schema = new Fields(fields);
    Cache.FIELDS.put(model, schema);
    return schema;
  }

  private static ApiSchema of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (List.class.equals(generic.getRawType())) {
        return new ListOf(of(arguments[0]));
      } else if (Map.class.equals(generic.getRawType())) {
        return new MapOf(of(arguments[1]));
      }
      return new Free();
    }
    if (String.class.equals(type) || MicroTime.class.equals(type) || Quantity.class.equals(type)) {
      return new Text();
    } else if (Integer.class.equals(type)) {
      return new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (Long.class.equals(type)) {
      return new Whole(Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (Boolean.class.equals(type)) {
      return new Flag();
    } else if (IntOrString.class.equals(type)) {
      return new IntOrText();
    } else if (type instanceof Class<?> model
        && model.getName().startsWith("io.fabric8.kubernetes.api.model.")
        && !AnyType.class.equals(type)
        && !FieldsV1.class.equals(type)) {
      return of(model);
    }
    return new Free();
  }

  /** Each class is looked at once; safe for use by several threads. */
  final class Cache {
    private static final Map<Class<?>, Fields> FIELDS = new ConcurrentHashMap<>();

    private Cache() {}
  }
}
