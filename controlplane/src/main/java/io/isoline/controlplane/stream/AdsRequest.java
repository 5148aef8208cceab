package io.isoline.controlplane.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client, in either variant of the protocol.
 *
 * @param nonce of the response that it answers; empty when it answers none
 * @param error the client's words when it refuses that response, else null. Only this decides
 *     between ACK and NACK, as the xDS protocol asks for
 * @param node who the client is; Envoy says it in the first request of a stream only
 * @param interest what it subscribes to
 */
public record AdsRequest(
    String typeUrl,
    String nonce,
    @Nullable String error,
    @Nullable ClientNode node,
    Interest interest) {

  /**
   * The client's description of itself.
   *
   * @param id {@code node.id}
   * @param cluster {@code node.cluster}
   * @param userAgent name and version, empty when it does not say
   */
  public record ClientNode(String id, String cluster, String userAgent) {}

  /** About how much memory it takes. */
  long bytes() {
    return StreamMemory.bytes(interest.count(), interest.characters());
  }

  /** What the client subscribes to: the variants say it in different ways. */
  sealed interface Interest {

    /** How many names there are in it. */
    long count();

    /** The length of all names and versions in it together. */
    long characters();
  }

  private static long length(Collection<String> texts) {
    long length = 0;
    for (String text : texts) {
      length += text.length();
    }
    return length;
  }

  /**
   * A change of the subscription, as delta sends it.
   *
   * @param initialVersions what it holds from an earlier stream, by name; only in the first request
   *     of a type
   */
  public record DeltaInterest(
      List<String> subscribe, List<String> unsubscribe, Map<String, String> initialVersions)
      implements Interest {

    @Override
    public long count() {
      return (long) subscribe.size() + unsubscribe.size() + initialVersions.size();
    }

    @Override
    public long characters() {
      return length(subscribe)
          + length(unsubscribe)
          + length(initialVersions.keySet())
          + length(initialVersions.values());
    }
  }

  /**
   * The whole subscription, as state-of-the-world sends it each time.
   *
   * @param version of the last response that it took, from this stream or an earlier one
   */
  public record SotwInterest(List<String> names, String version) implements Interest {

    @Override
    public long count() {
      return names.size();
    }

    @Override
    public long characters() {
      return length(names) + version.length();
    }
  }
}
