package io.isoline.controlplane.status;

import io.isoline.controlplane.status.RecordedEvent.Remark;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which event is written for a remark, by the rules and the numbers of the recorder in
 * Kubernetes' client-go (tools/record/events_cache.go), so that Isoline's events are like those of
 * the other components:
 *
 * <ol>
 *   <li>Of remarks on one object with the same reason, the tenth different one within ten minutes
 *       of each other and the later ones become a single event.
 *   <li>What was said before counts up its event.
 *   <li>Of one object 25 events are written at once, and then one each five minutes.
 * </ol>
 *
 * <p>Bounded: it knows the last {@link #MEMORY} objects and events. Owned by one thread.
 */
final class EventCorrelator {

  static final int MEMORY = 4096;
  static final int BURST = 25;
  static final Duration REFILL = Duration.ofMinutes(5);
  static final int SIMILAR = 10;
  static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);
  static final String COMBINED = "(combined from similar events): ";
  private static final int MAX_MESSAGE = 1024;
  private static final int MAX_NAME = 253;

  /** What is to be written. */
  sealed interface Step {
    record Create(RecordedEvent event) implements Step {}

    record Update(RecordedEvent event) implements Step {}

    /** Write nothing: there was too much of this object lately. */
    record Drop() implements Step {}
  }

  private record Source(ObjectRef object, String uid) {}

  /** What the remarks of one event have in common; those of combined ones no field or message. */
  private record Key(
      Source source,
      boolean warning,
      String reason,
      @Nullable String field,
      @Nullable String message) {
    static Key of(Remark remark) {
      return new Key(
          new Source(remark.object(), remark.uid()),
          remark.warning(),
          remark.reason(),
          remark.fieldPath(),
          remark.message());
    }

    Key combined() {
      return new Key(source, warning, reason, null, null);
    }
  }

  private static final class Similar {
    final Set<String> messages = new HashSet<>();
    Instant last = Instant.MIN;
  }

  private final Map<Source, TokenBucket> buckets = new Recent<>(MEMORY);
  private final Map<Key, Similar> similar = new Recent<>(MEMORY);
  private final Map<Key, RecordedEvent> events = new Recent<>(MEMORY);
  private long lastName;

  /** Takes an event that was written before our time. */
  void seed(RecordedEvent event) {
    Remark about = event.about();
    Key key = Key.of(about);
    events.put(event.message().startsWith(COMBINED) ? key.combined() : key, event);
  }

  /** Whether an event says just this. */
  boolean knows(Remark remark) {
    return events.containsKey(Key.of(cut(remark)));
  }

  /**
   * What is to be written for a remark. It is expected to be written: it is not asked for twice.
   */
  Step next(Remark said, Instant now) {
    Remark remark = cut(said);
    Key key = Key.of(remark);
    Similar others = similar.computeIfAbsent(key.combined(), any -> new Similar());
    if (Duration.between(others.last, now).compareTo(SIMILAR_WITHIN) > 0) {
      others.messages.clear();
    }
    others.messages.add(remark.message());
    others.last = now;
    String message = remark.message();
    if (others.messages.size() >= SIMILAR) {
      others.messages.remove(others.messages.iterator().next());
      key = key.combined();
      message = cut(COMBINED + message);
    }
    RecordedEvent before = events.get(key);
    RecordedEvent event =
        before == null
            ? new RecordedEvent(name(remark.object(), now), remark, message, 1, now, now)
            : new RecordedEvent(
                before.name(), remark, message, before.count() + 1, before.first(), now);
    events.put(key, event);
    TokenBucket bucket =
        buckets.computeIfAbsent(key.source(), any -> new TokenBucket(BURST, REFILL, nanos(now)));
    if (!bucket.take(nanos(now))) {
      return new Step.Drop();
    }
    return before == null ? new Step.Create(event) : new Step.Update(event);
  }

  private static long nanos(Instant time) {
    return Duration.between(Instant.EPOCH, time).toNanos();
  }

  private static Remark cut(Remark remark) {
    return new Remark(
        remark.object(),
        remark.apiVersion(),
        remark.uid(),
        remark.resourceVersion(),
        remark.fieldPath(),
        remark.warning(),
        remark.reason(),
        cut(remark.message()));
  }

  /** One line, as kubectl prints it as it is. */
  private static String cut(String words) {
    String message = Printable.line(words);
    if (message.length() <= MAX_MESSAGE) {
      return message;
    }
    int end = MAX_MESSAGE - 1;
    return message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  /** As client-go names them; no label of the name ends in a hyphen. */
  private String name(ObjectRef object, Instant now) {
    lastName = Math.max(lastName + 1, nanos(now));
    String suffix = "." + Long.toHexString(lastName);
    String name = object.name();
    int longest = MAX_NAME - suffix.length();
    return (name.length() > longest ? name.substring(0, longest).replaceFirst("[-.]+$", "") : name)
        + suffix;
  }
}
