package io.isoline.translator.kube;

/**
 * The kind of an object: one of those that Isoline reads, or another one. Kinds are equal when
 * their texts are, in whichever API group.
 */
public sealed interface Kind permits KnownKind, OtherKind {

  /** The kind of this text. */
  static Kind of(String text) {
    KnownKind known = KnownKind.BY_TEXT.get(text);
    return known == null ? new OtherKind(text) : known;
  }

  /** As Kubernetes spells it, {@code Ingress} for example. */
  String text();

  /** What is written to the API server about objects of this kind. */
  Reporting reporting();

  /** What is written to the API server. */
  enum Reporting {
    NOTHING,
    EVENTS,
    EVENTS_AND_STATUS
  }
}
