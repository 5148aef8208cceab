package io.isoline.translator.annotation;

import io.isoline.translator.kube.AnnotationPrefix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param within the annotation without which it means nothing; null where it stands alone
 * @param closes whether it protects, so that the paths of the Ingress answer 503 while its value
 *     cannot be put in force
 * @param aliases its other keys; the first of its names that an Ingress has counts
 * @param ours whether ingress-nginx has none of this name, so that it is read under {@code
 *     isoline.io/} alone
 */
public record Annotation<T>(
    String key,
    ValueType<T> type,
    String byDefault,
    String meaning,
    String example,
    String difference,
    @Nullable Annotation<?> within,
    boolean closes,
    List<String> aliases,
    boolean ours) {

  public Annotation {
    aliases = List.copyOf(aliases);
  }

  Annotation(
      String key,
      ValueType<T> type,
      String byDefault,
      String meaning,
      String example,
      String difference) {
    this(key, type, byDefault, meaning, example, difference, null, false, List.of(), false);
  }

  /** The same, which means nothing without another. */
  Annotation<T> within(Annotation<?> other) {
    return new Annotation<>(
        key, type, byDefault, meaning, example, difference, other, closes, aliases, ours);
  }

  /** The same, which protects. */
  Annotation<T> closing() {
    return new Annotation<>(
        key, type, byDefault, meaning, example, difference, within, true, aliases, ours);
  }

  /** The same, with one more key. */
  Annotation<T> orCalled(String alias) {
    List<String> all = new ArrayList<>(aliases);
    all.add(alias);
    return new Annotation<>(
        key, type, byDefault, meaning, example, difference, within, closes, all, ours);
  }

  /** The same, which ingress-nginx does not have. */
  Annotation<T> asOurs() {
    return new Annotation<>(
        key, type, byDefault, meaning, example, difference, within, closes, aliases, true);
  }

  /** The prefixes under which it is read; the first counts. */
  List<String> prefixes() {
    return ours ? List.of(AnnotationPrefix.OWN) : AnnotationPrefix.ALL;
  }

  /** Its key and its aliases. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>(List.of(key));
    keys.addAll(aliases);
    return keys;
  }

  @Override
  public String toString() {
    return key;
  }
}
