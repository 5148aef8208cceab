package io.isoline.translator.annotation;

import io.isoline.translator.model.BodyLimit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long the bodies of requests may be, and where bodies wait on their way. */
final class Bodies implements Subject {

  /** More cannot be counted. */
  private static final long MOST = 0xffff_ffffL;

  private static final Map<String, Boolean> SWITCH =
      new TreeMap<>(Map.of("ON", true, "OFF", false));

  private static final String AS_THEY_COME = "bodies are passed on as they come, in both directions";

  static final Annotation<Long> PROXY_BODY_SIZE =
      new Annotation<>(
          "proxy-body-size",
          ValueType.BYTES,
          "the settings say it (`limits.requestBody`, no limit)",
          "Requests with a longer body get 413: at once where the length is announced, else when so"
              + " much has come, whatever the backend has had of it by then. Bodies are not held"
              + " back for that. 0 is no limit.",
          "8m",
          "A limit of 4 GiB or more is none. What a backend answers before it has all of a body of"
              + " unknown length, the client gets. It counts the messages of a call of gRPC together,"
              + " too."
              + " A redirect that Isoline makes goes before it. Envoy 1.40 or newer is needed.");

  static final Annotation<Boolean> PROXY_REQUEST_BUFFERING =
      new Annotation<>(
          "proxy-request-buffering",
          ValueType.oneOf(SWITCH),
          AS_THEY_COME,
          "`off` is how it is in any case: the backend gets a body while it comes.",
          "off",
          "`on` has no effect: bodies do not wait until they are complete, and one of unknown length"
              + " comes to the backend without a length.");

  static final Annotation<Boolean> PROXY_BUFFERING =
      new Annotation<>(
          "proxy-buffering",
          ValueType.oneOf(SWITCH),
          AS_THEY_COME,
          "`off` is how it is in any case: the client gets an answer while it comes.",
          "off",
          "`on` has no effect: a backend that is faster than its client waits for it.");

  static final Annotation<Long> CLIENT_BODY_BUFFER_SIZE =
      size("client-body-buffer-size", "the bodies of requests", "16k");

  static final Annotation<Long> PROXY_BUFFER_SIZE =
      new Annotation<>(
          "proxy-buffer-size",
          ValueType.BYTES,
          "the settings say it (`limits.responseHeaders`, 60 KiB)",
          "It is not needed: how long the headers of an answer may be is for the settings to say.",
          "16k",
          "Headers of an answer that are longer than the value, or than 4 KiB without it, are passed"
              + " on, where ingress-nginx answers 502, up to what the settings"
              + " say.");

  static final Annotation<Long> PROXY_BUFFERS_NUMBER =
      new Annotation<>(
          "proxy-buffers-number",
          ValueType.number(0, Integer.MAX_VALUE, ""),
          AS_THEY_COME,
          "It is not needed: Isoline has no such buffers for answers.",
          "8",
          "");

  static final Annotation<Long> PROXY_BUSY_BUFFERS_SIZE =
      size("proxy-busy-buffers-size", "answers", "32k");

  static final Annotation<Long> PROXY_MAX_TEMP_FILE_SIZE =
      size("proxy-max-temp-file-size", "answers", "0");

  private static Annotation<Long> size(String key, String what, String example) {
    return new Annotation<>(
        key,
        ValueType.BYTES,
        AS_THEY_COME,
        "It is not needed: Isoline has no such buffers for " + what + ".",
        example,
        "");
  }

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        PROXY_BODY_SIZE,
        PROXY_REQUEST_BUFFERING,
        PROXY_BUFFERING,
        CLIENT_BODY_BUFFER_SIZE,
        PROXY_BUFFER_SIZE,
        PROXY_BUFFERS_NUMBER,
        PROXY_BUSY_BUFFERS_SIZE,
        PROXY_MAX_TEMP_FILE_SIZE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Long bytes = values.get(PROXY_BODY_SIZE);
    if (bytes != null && bytes > MOST) {
      values.differs(
          PROXY_BODY_SIZE,
          "a body can have any length: limits of 4 GiB and more are not in force",
          "write 4095m or less, or 0 for no limit");
      policy.add(new BodyLimit(0));
    } else if (bytes != null) {
      values.applied(
          PROXY_BODY_SIZE,
          bytes == 0
              ? "a body can have any length"
              : "longer bodies than " + bytes + " bytes get 413");
      policy.add(new BodyLimit(bytes));
    }
    alwaysOff(values, PROXY_REQUEST_BUFFERING);
    alwaysOff(values, PROXY_BUFFERING);
    for (Annotation<?> size :
        List.of(
            CLIENT_BODY_BUFFER_SIZE,
            PROXY_BUFFERS_NUMBER,
            PROXY_BUSY_BUFFERS_SIZE,
            PROXY_MAX_TEMP_FILE_SIZE)) {
      values.applied(size, "it is not needed: " + AS_THEY_COME);
    }
    values.applied(
        PROXY_BUFFER_SIZE,
        "it is not needed: the headers of an answer may be as long as the settings say"
            + " (limits.responseHeaders)");
  }

  private static void alwaysOff(Values values, Annotation<Boolean> annotation) {
    if (values.get(annotation, false)) {
      values.differs(annotation, AS_THEY_COME, "remove it");
    } else {
      values.applied(annotation, AS_THEY_COME);
    }
  }
}
