package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Defect;
import io.isoline.controlplane.manifest.YamlValue.Entry;
import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Builds the tree of one document from parser events.
 *
 * <p>It works on events and a stack of its own instead of the library's composer for two limits
 * that hostile text needs: on the depth (a composer recurses until the thread's stack is full) and
 * on what aliases expand to (a tree of aliases of aliases is exponential in the length of its
 * text). Both are counted while building, so that nothing behind this class has to.
 *
 * <p>Not safe for use by several threads.
 */
final class YamlTreeBuilder {

  /** Deeper than any Kubernetes object; the API server's own limit is of this order. */
  static final int MAX_DEPTH = 100;

  /** Nodes that aliases may add to a document. */
  static final int MAX_ALIASED_NODES = 100_000;

  private final Deque<Frame> stack = new ArrayDeque<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private final Origin origin;
  private @Nullable YamlValue root;
  private @Nullable YamlValue braces;
  private long aliasedNodes;

  /**
   * @param origin of the text that is parsed
   */
  YamlTreeBuilder(Origin origin) {
    this.origin = origin;
  }

  /** Why a text that is YAML is not accepted. */
  static final class LimitException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient YamlDocument.Broken broken;

    private LimitException(YamlDocument.Broken broken) {
      super(broken.message(), null, false, false);
      this.broken = broken;
    }

    YamlDocument.Broken broken() {
      return broken;
    }
  }

  private record Anchored(YamlValue value, long nodes) {}

  /** A collection under construction. */
  private static final class Frame {
    final YamlValue collection;
    final @Nullable String anchor;
    final List<YamlValue> merges = new ArrayList<>();
    @Nullable Scalar key;
    boolean skipValue;
    long nodes = 1;

    Frame(YamlValue collection, @Nullable String anchor) {
      this.collection = collection;
      this.anchor = anchor;
    }
  }

  /** The document's root; null when the document is empty. */
  @Nullable YamlValue root() {
    return root instanceof Scalar scalar && scalar.kind() == Scalar.Kind.NULL ? null : root;
  }

  /** The first {@code {{ … }}} that is no text: to YAML it is a mapping with a mapping as its key. */
  @Nullable YamlValue braces() {
    return braces;
  }

  /**
   * Takes the next event of the document.
   *
   * @throws LimitException when the document exceeds a limit
   */
  void accept(Event event) {
    switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> alias((AliasEvent) event);
      case MappingStart, SequenceStart -> open((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> close();
      case Comment, DocumentStart, DocumentEnd, StreamStart, StreamEnd -> {}
    }
  }

  private int line(Event event) {
    return origin.line(event.getStartMark().map(Mark::getLine).orElse(0));
  }

  private int column(Event event) {
    return event
        .getStartMark()
        .map(mark -> origin.column(mark.getLine(), mark.getColumn()))
        .orElse(1);
  }

  private void open(CollectionStartEvent event) {
    if (stack.size() >= MAX_DEPTH) {
      throw new LimitException(
          new YamlDocument.Broken(
              line(event),
              column(event),
              "nested more than " + MAX_DEPTH + " levels deep",
              "no Kubernetes object needs that; look for brackets that are never closed"));
    }
    YamlValue collection =
        event.getEventId() == Event.ID.MappingStart
            ? new Mapping(line(event), column(event))
            : new Sequence(line(event), column(event), new ArrayList<>());
    stack.push(new Frame(collection, event.getAnchor().map(Anchor::getValue).orElse(null)));
  }

  private void close() {
    Frame frame = stack.pop();
    if (frame.collection instanceof Mapping mapping) {
      frame.merges.forEach(source -> merge(mapping, source));
    }
    if (frame.anchor != null) {
      anchors.put(frame.anchor, new Anchored(frame.collection, frame.nodes));
    }
    add(frame.collection, frame.nodes);
  }

  private void scalar(ScalarEvent event) {
    var scalar =
        new Scalar(line(event), column(event), kind(event), event.getValue(), event.isPlain());
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), new Anchored(scalar, 1)));
    add(scalar, 1);
  }

  private static Scalar.Kind kind(ScalarEvent event) {
    Optional<String> tag = event.getTag();
    if (tag.isPresent() && !tag.get().equals("!")) {
      return kind(new Tag(tag.get()));
    }
    if (tag.isPresent() || !event.isPlain()) {
      return Scalar.Kind.STRING;
    }
    return PlainScalar.kind(event.getValue());
  }

  private static Scalar.Kind kind(Tag tag) {
    if (tag.equals(Tag.STR) || tag.equals(Tag.MERGE)) {
      return Scalar.Kind.STRING;
    } else if (tag.equals(Tag.INT)) {
      return Scalar.Kind.INTEGER;
    } else if (tag.equals(Tag.FLOAT)) {
      return Scalar.Kind.FLOAT;
    } else if (tag.equals(Tag.BOOL)) {
      return Scalar.Kind.BOOLEAN;
    } else if (tag.equals(Tag.NULL)) {
      return Scalar.Kind.NULL;
    }
    return Scalar.Kind.TAGGED;
  }

  private void alias(AliasEvent event) {
    String name = event.getAlias().getValue();
    Anchored target = anchors.get(name);
    if (target == null) {
      throw new LimitException(
          new YamlDocument.Broken(
              line(event),
              column(event),
              "the alias *" + name + " refers to an anchor that is not defined before it",
              "if `*` is part of the value, put the value in quotes: \"*" + name + "\""));
    }
    aliasedNodes += target.nodes();
    if (aliasedNodes > MAX_ALIASED_NODES) {
      throw new LimitException(
          new YamlDocument.Broken(
              line(event),
              column(event),
              "its aliases expand to more than " + MAX_ALIASED_NODES + " values",
              "write the values out, or split the document"));
    }
    add(target.value(), target.nodes());
  }

  private void add(YamlValue value, long nodes) {
    Frame frame = stack.peek();
    if (frame == null) {
      root = value;
      return;
    }
    frame.nodes += nodes;
    switch (frame.collection) {
      case Sequence sequence -> sequence.items().add(value);
      case Mapping mapping -> {
        if (frame.key == null && !frame.skipValue) {
          key(frame, mapping, value);
        } else {
          value(frame, mapping, value);
        }
      }
      case Scalar scalar -> throw new IllegalStateException("a scalar holds nothing");
    }
  }

  private void key(Frame frame, Mapping mapping, YamlValue value) {
    if (value instanceof Scalar scalar) {
      frame.key = scalar;
      return;
    }
    frame.skipValue = true;
    boolean doubled =
        value.line() == mapping.line() && value.column() == mapping.column() + 1;
    if (braces == null && doubled && value instanceof Mapping) {
      braces = mapping;
    }
    mapping
        .defects()
        .add(
            new Defect(
                value.line(),
                value.column(),
                "a key is " + value.noun() + ", but keys must be text",
                "put it in quotes"));
  }

  private static void value(Frame frame, Mapping mapping, YamlValue value) {
    Scalar key = frame.key;
    frame.key = null;
    frame.skipValue = false;
    if (key == null) {
      return;
    }
    if (key.plain() && key.text().equals("<<")) {
      frame.merges.add(value);
      return;
    }
    var entry = new Entry(key.line(), key.column(), value);
    Entry first = mapping.entries().putIfAbsent(key.text(), entry);
    if (first != null) {
      mapping
          .defects()
          .add(
              new Defect(
                  key.line(),
                  key.column(),
                  "the key `"
                      + key.text()
                      + "` is there twice, first at line "
                      + first.line()
                      + "; it is not clear which one is meant",
                  "remove one of the two"));
    }
  }

  /** The merge key of YAML 1.1, which kubectl reads: what the mapping has itself wins. */
  private static void merge(Mapping mapping, YamlValue source) {
    switch (source) {
      case Mapping other -> {
        other.entries().forEach(mapping.entries()::putIfAbsent);
        mapping.defects().addAll(other.defects());
      }
      case Sequence sequence -> {
        for (YamlValue item : sequence.items()) {
          if (item instanceof Mapping) {
            merge(mapping, item);
          } else {
            notMergeable(mapping, item);
          }
        }
      }
      case Scalar scalar -> notMergeable(mapping, scalar);
    }
  }

  private static void notMergeable(Mapping mapping, YamlValue value) {
    mapping
        .defects()
        .add(
            new Defect(
                value.line(),
                value.column(),
                "`<<` merges mappings, but this is " + value.noun(),
                "refer to an anchor of a mapping"));
  }
}
