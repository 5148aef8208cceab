package io.isoline.controlplane.status;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.translator.ObjectRef;
import java.util.List;
import java.util.Set;

/**
 * The requests by which status and events are written. Each waits for the answer, for a few seconds
 * at most, and throws nothing. May be called by several threads.
 */
interface StatusApi {

  /**
   * Makes these the addresses in the status of an Ingress, whoever wrote others before. An empty
   * list removes what we wrote, and leaves what others did.
   *
   * @param uid that of the Ingress that is meant; another one of the same name is a conflict
   */
  Answer writeAddresses(ObjectRef ingress, String uid, List<PublishedAddress> addresses);

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
