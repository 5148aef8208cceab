package io.isoline.controlplane.status;

import java.util.List;
import java.util.Set;

/**
 * The requests by which status and events are written. Each waits for the answer, for a few seconds
 * at most, and throws nothing. May be called by several threads.
 */
interface StatusApi {

  /** Applies a status, whoever wrote other values before; another uid is a conflict. */
  Answer applyStatus(StatusWrite write);

  /** Makes an event. */
  Answer create(RecordedEvent event);

  /** Writes count, time and message of an event that was made before. */
  Answer update(RecordedEvent event);

  /**
   * Events that this program wrote, whatever replica it was; as many as are known.
   *
   * @param namespaces where to look when not all namespaces may be read
   */
  List<RecordedEvent> recorded(Set<String> namespaces);
}
