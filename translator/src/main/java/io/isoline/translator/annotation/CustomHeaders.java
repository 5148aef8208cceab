package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.References;
import java.util.List;
import java.util.regex.Pattern;

/** Headers of answers that a ConfigMap has. */
final class CustomHeaders implements Subject {

  static final Annotation<String> CUSTOM_HEADERS =
      new Annotation<>(
          "custom-headers",
          ValueType.text(
              "the name of a ConfigMap of the same namespace, as NAME or NAMESPACE/NAME",
              Pattern.compile("[-A-Za-z0-9._~/:]{1,400}")),
          "Isoline adds no headers to answers",
          "Answers of the backends get the headers that the ConfigMap has, each key with its value, in"
              + " the place of those of the backend; an empty value takes a header away. At most 64"
              + " headers with 8192 characters together. Those that say how a message is sent cannot be set"
              + " (Connection, Content-Length and the like), nor those whose name begins with"
              + " `x-envoy-` or `x-isoline-`. While the ConfigMap is missing, or an entry of it cannot be used,"
              + " requests get 503.",
          "default/headers",
          "The operator has no list of the names that may be set (`global-allowed-response-headers`),"
              + " without which ingress-nginx answers 503: a backend may send them in any case. The"
              + " namespace may be left out. Redirects that Isoline makes have no such headers.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(CUSTOM_HEADERS);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    String value = values.get(CUSTOM_HEADERS);
    if (value == null) {
      return;
    }
    ObjectRef map = References.configMap(values.ingress().namespace(), value);
    if (map == null) {
      values.closed(
          CUSTOM_HEADERS,
          Reason.InvalidValue,
          "\""
              + ValueType.shown(value)
              + "\" is no ConfigMap of namespace "
              + values.ingress().namespace(),
          "write " + CUSTOM_HEADERS.type().syntax());
    } else {
      policy.add(new HeadersOfConfigMap(map, values.field(CUSTOM_HEADERS)));
    }
  }
}
