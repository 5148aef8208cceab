package io.isoline.translator.kube;

/**
 * A kind that Isoline does not read: of an object that a file holds besides, or of something that
 * is no object of Kubernetes. {@link Kind#of} makes it.
 */
record OtherKind(String text) implements Kind {

  public OtherKind {
    if (KnownKind.BY_TEXT.containsKey(text)) {
      throw new IllegalArgumentException(text + " is a kind that is read");
    }
  }

  @Override
  public Reporting reporting() {
    return Reporting.NOTHING;
  }

  /** Its text. */
  @Override
  public String toString() {
    return text;
  }
}
