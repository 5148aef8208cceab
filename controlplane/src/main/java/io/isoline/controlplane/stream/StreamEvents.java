package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.Map;
import java.util.Set;

/**
 * What happens on the streams. Called on the engine's thread, in the midst of a stream's work: what
 * it leads to in the {@link ResourceStore} must be put off to a later task of that thread.
 */
public interface StreamEvents {

  /** Ignores everything. */
  StreamEvents NONE = new StreamEvents() {};

  /** The first request of a stream came in. */
  default void opened(StreamInfo stream) {}

  /** A stream that was opened has ended, by whichever side. */
  default void closed(StreamInfo stream) {}

  /**
   * A request was taken, of whichever kind: the client may subscribe to other names than before,
   * and no longer hold what it gave up.
   */
  default void requested(StreamInfo stream) {}

  /**
   * A response was sent.
   *
   * @param resources how many are in it
   * @param bytes their size
   */
  default void sent(StreamInfo stream, ResourceType type, int resources, long bytes) {}

  /**
   * The client refused a response, or a part of it. {@link #rejected} follows once it is known
   * which resource it was.
   */
  default void refused(StreamInfo stream, ResourceType type) {}

  /**
   * The client acknowledged a response.
   *
   * @param versions what the response was sent for, by name; what a response of the
   *     state-of-the-world variant merely repeats is not in it
   * @param removed names that the client no longer has
   */
  default void acknowledged(
      StreamInfo stream, ResourceType type, Map<String, String> versions, Set<String> removed) {}

  /**
   * The client refused a resource, which is not sent again on this stream until its version
   * changes. The client goes on with the last version that it took, if there is one.
   *
   * @param message the client's words
   */
  default void rejected(StreamInfo stream, Resource resource, String message) {}
}
