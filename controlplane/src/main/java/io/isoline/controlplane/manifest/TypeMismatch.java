package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Scalar;

/** Says what is wrong with a value of the wrong type, and how it should be written. */
final class TypeMismatch {

  private static final int SHOWN = 60;

  private final boolean secret;

  TypeMismatch(boolean secret) {
    this.secret = secret;
  }

  Problem problem(String path, YamlValue value, ApiSchema expected) {
    String name = lastName(path);
    String message = "`" + name + "` is " + value.noun() + ", but must be " + expected.noun();
    return switch (expected) {
      case ApiSchema.Text text -> text(path, name, value, message);
      case ApiSchema.Whole whole -> whole(path, name, value, message);
      case ApiSchema.Flag flag ->
          Problem.invalid(path, value, message, "write true or false, without quotes");
      case ApiSchema.IntOrText intOrText ->
          Problem.invalid(path, value, message, "write a port's number or its name");
      case ApiSchema.ListOf listOf -> list(path, name, value, message);
      case ApiSchema.MapOf mapOf ->
          Problem.invalid(
              path, value, message, "write `key: value` lines, indented below `" + name + ":`");
      case ApiSchema.Fields fields -> fields(path, name, value, fields, message);
      case ApiSchema.Free free -> Problem.invalid(path, value, message, "");
    };
  }

  private Problem text(String path, String name, YamlValue value, String message) {
    if (!(value instanceof Scalar scalar)) {
      return Problem.invalid(path, value, message, "write one value: `" + name + ": …`");
    }
    if (path.endsWith(".port.name") && scalar.kind() == Scalar.Kind.INTEGER) {
      return Problem.invalid(
          path,
          value,
          message,
          "a port's number goes under `number`: `number: " + scalar.text() + "`");
    }
    if (scalar.kind() == Scalar.Kind.TAGGED) {
      return Problem.invalid(path, value, message, "remove the tag that begins with `!`");
    }
    return Problem.invalid(path, value, message, "put it in quotes" + shown(": \"", scalar, "\""));
  }

  private Problem whole(String path, String name, YamlValue value, String message) {
    boolean ingressPort = path.endsWith(".port.number");
    if (!(value instanceof Scalar scalar)) {
      return Problem.invalid(path, value, message, "write `" + name + ": 8080`");
    }
    boolean digits = !scalar.text().isEmpty() && scalar.text().chars().allMatch(Character::isDigit);
    if (scalar.kind() == Scalar.Kind.STRING && digits) {
      String what = ingressPort ? "a port number" : "a number";
      return Problem.invalid(
          path,
          value,
          "`" + name + "` is a string; " + what + " is written without quotes",
          "write `"
              + name
              + ": "
              + scalar.text()
              + "`"
              + (ingressPort ? "; for a port's name use `name`" : ""));
    }
    if (scalar.kind() == Scalar.Kind.STRING && ingressPort) {
      return Problem.invalid(
          path,
          value,
          message,
          "a port's name goes under `name`" + shown(": `name: ", scalar, "`"));
    }
    if (scalar.kind() == Scalar.Kind.INTEGER) {
      return Problem.invalid(
          path, value, "`" + name + "` is a number that is too large", "write a smaller number");
    }
    return Problem.invalid(path, value, message, "write digits only, without quotes");
  }

  private Problem list(String path, String name, YamlValue value, String message) {
    return switch (value) {
      case Scalar scalar ->
          Problem.invalid(
              path,
              value,
              message,
              "write it as an element" + shown(": `" + name + ": [\"", scalar, "\"]`"));
      case YamlValue.Mapping mapping ->
          Problem.invalid(
              path,
              value,
              message,
              "begin its first key with `- `"
                  + mapping.entries().keySet().stream()
                      .findFirst()
                      .map(first -> ": `- " + first + ": …`")
                      .orElse(""));
      case YamlValue.Sequence sequence -> Problem.invalid(path, value, message, "");
    };
  }

  private Problem fields(
      String path, String name, YamlValue value, ApiSchema.Fields expected, String message) {
    String fix;
    if (value instanceof Scalar scalar
        && expected.fields().containsKey("number")
        && expected.fields().containsKey("name")) {
      String key = scalar.kind() == Scalar.Kind.INTEGER ? "number" : "name";
      fix = "write" + shown(" `" + name + ": {" + key + ": ", scalar, "}`");
    } else if (value instanceof Scalar scalar
        && expected.fields().containsKey("name")
        && scalar.kind() == Scalar.Kind.STRING) {
      fix = "write" + shown(" `" + name + ": {name: ", scalar, "}`");
    } else if (value instanceof YamlValue.Sequence) {
      fix = "it has just one value: remove the `- `";
    } else {
      fix = "its fields are " + String.join(", ", expected.fields().keySet());
    }
    return Problem.invalid(path, value, message, fix);
  }

  /** The value between two texts, or nothing when it is secret or long. */
  private String shown(String before, Scalar scalar, String after) {
    return secret || scalar.text().length() > SHOWN || scalar.text().contains("\n")
        ? ""
        : before + scalar.text() + after;
  }

  /** {@code number} of {@code spec.port.number}, {@code hosts} of {@code spec.tls[0].hosts}. */
  private static String lastName(String path) {
    int bracket = path.indexOf('[', path.lastIndexOf('.') + 1);
    if (path.endsWith("]") && path.indexOf('[') >= 0) {
      int open = path.lastIndexOf('[');
      String inside = path.substring(open + 1, path.length() - 1);
      if (!inside.chars().allMatch(Character::isDigit)) {
        return inside;
      }
      bracket = open;
    }
    String head = bracket >= 0 ? path.substring(0, bracket) : path;
    return head.substring(head.lastIndexOf('.') + 1);
  }
}
