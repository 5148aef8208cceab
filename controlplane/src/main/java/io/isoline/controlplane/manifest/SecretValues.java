package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the Base64 of a Secret's {@code data} and lays {@code stringData} over it, as the API
 * server does. No message shows a value.
 */
final class SecretValues {

  private SecretValues() {}

  /** Replaces {@code data} and {@code stringData} of the object by one {@code data}. */
  static void merge(Map<String, Object> secret, Mapping source, List<Problem> problems) {
    Map<String, Object> merged = new LinkedHashMap<>();
    if (secret.get("data") instanceof Map<?, ?> data) {
      data.forEach(
          (key, value) -> {
            String encoded = ((String) value).replace("\r", "").replace("\n", "");
            merged.put((String) key, encoded);
            check((String) key, encoded, source, problems);
          });
    }
    if (secret.get("stringData") instanceof Map<?, ?> texts) {
      texts.forEach(
          (key, value) ->
              merged.put(
                  (String) key,
                  Base64.getEncoder()
                      .encodeToString(((String) value).getBytes(StandardCharsets.UTF_8))));
    }
    secret.remove("stringData");
    if (!merged.isEmpty()) {
      secret.put("data", merged);
    }
  }

  private static void check(String key, String encoded, Mapping source, List<Problem> problems) {
    try {
      if (encoded.length() % 4 == 0) {
        Base64.getDecoder().decode(encoded);
        return;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the decoder's words: they would show a part of the secret.
    }
    YamlValue at = source.get("data") instanceof Mapping data ? data.get(key) : null;
    YamlValue place =
        at == null ? new Scalar(source.line(), source.column(), Scalar.Kind.NULL, "", true) : at;
    String message = "the value of `" + key + "` is not Base64";
    String fix;
    if (encoded.startsWith("-----BEGIN")) {
      message += "; it looks like PEM as it is";
      fix = "put it under `stringData`, or encode it with `base64 -w0`";
    } else if (encoded.indexOf(' ') >= 0) {
      message += ": it holds spaces";
      fix = "write it on one line, or as a block after `|`";
    } else if (encoded.indexOf('-') >= 0 || encoded.indexOf('_') >= 0) {
      message += ": it holds `-` or `_`, which only the variant for URLs has";
      fix = "encode it with `base64 -w0`";
    } else {
      fix = "encode it with `base64 -w0`, or put the text under `stringData`";
    }
    problems.add(Problem.invalid(FieldPath.key("data", key), place, message, fix));
  }
}
