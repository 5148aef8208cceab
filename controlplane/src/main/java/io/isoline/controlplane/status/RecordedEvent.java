package io.isoline.controlplane.status;

import io.isoline.translator.ObjectRef;
import java.time.Instant;

/**
 * An event as it is at the API server.
 *
 * @param name its own
 * @param about what is said, of what
 * @param message what was said last; of several that were combined it says so
 * @param count how often it was said
 * @param first when it was said first
 * @param last when it was said last
 */
record RecordedEvent(
    String name, Remark about, String message, int count, Instant first, Instant last) {

  /**
   * Something that is said of an object.
   *
   * @param object of which one
   * @param apiVersion that of the object
   * @param uid that of the object
   * @param resourceVersion that of the object; not a part of what is said
   * @param fieldPath which field it is about; empty for the object as a whole
   * @param warning or else it is normal
   * @param reason in CamelCase
   * @param message for people
   */
  record Remark(
      ObjectRef object,
      String apiVersion,
      String uid,
      String resourceVersion,
      String fieldPath,
      boolean warning,
      String reason,
      String message) {}

  /** The namespace that it is in: that of its object, if that has any. */
  String namespace() {
    return about.object().namespace().isEmpty() ? "default" : about.object().namespace();
  }
}
