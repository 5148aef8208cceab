package io.isoline.translator.annotation;

/**
 * An annotation that Isoline acts on, under {@code isoline.io/} and under {@code
 * nginx.ingress.kubernetes.io/}. The page docs/annotations.md is made of these.
 *
 * @param key its name without a prefix, as ingress-nginx has it
 * @param type what its value may be
 * @param byDefault what holds without it, in words
 * @param meaning what it does, in whole sentences
 * @param example a value
 * @param difference in what it does otherwise than ingress-nginx, in whole sentences; empty when in
 *     nothing
 */
public record Annotation<T>(
    String key,
    ValueType<T> type,
    String byDefault,
    String meaning,
    String example,
    String difference) {

  @Override
  public String toString() {
    return key;
  }
}
