package io.isoline.controlplane.manifest;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the fields of objects are in the files. Safe for use by several threads.
 *
 * <p>A field is a path as in {@link Verdict#field}; one that is not there is answered with its
 * nearest parent that is. The identity of a file is {@code File} with the file's name; its fields
 * are {@code document[0]}, {@code document[1].metadata.name}…
 */
public final class SourceMap {

  private final Map<ObjectRef, Source> sources;
  private final Map<Verdict, Position> exact;

  SourceMap(Map<ObjectRef, Source> sources, Map<Verdict, Position> exact) {
    this.sources = sources;
    this.exact = exact;
  }

  /** An object's file and the places of its fields. */
  record Source(String file, PositionTree positions) {}

  /**
   * The places of one field.
   *
   * @param key of its key; of an element of a list, the place of the element
   * @param value of its value
   */
  public record Location(Position key, Position value) {}

  /** The place of a field's key, for messages; null for an object that is in no file. */
  public @Nullable Position locate(ObjectRef object, String field) {
    Location location = location(object, field);
    return location == null ? null : location.key();
  }

  /** The places of a field's key and value; null for an object that is in no file. */
  public @Nullable Location location(ObjectRef object, String field) {
    Source source = sources.get(object);
    if (source == null) {
      return null;
    }
    PositionTree node = source.positions().nearest(field);
    return new Location(node.key(source.file()), node.value(source.file()));
  }

  /**
   * The place that a verdict is about, whether the reader or the translation gave it; null when its
   * object is in no file.
   */
  public @Nullable Position locate(Verdict verdict) {
    Position position = exact.get(verdict);
    return position != null ? position : locate(verdict.object(), verdict.field());
  }
}
