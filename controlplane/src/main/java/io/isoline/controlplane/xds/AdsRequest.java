package io.isoline.controlplane.xds;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client said, in either variant of the protocol.
 *
 * @param nonce of the response that it answers; empty when it answers none
 * @param error the client's words when it refuses that response, else null. Only this decides
 *     between ACK and NACK, as the xDS protocol asks for
 * @param node who the client is; Envoy says it in the first request of a stream only
 * @param interest what it subscribes to
 */
record AdsRequest(
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
  record ClientNode(String id, String cluster, String userAgent) {}

  /** What the client subscribes to: the variants say it in different ways. */
  sealed interface Interest {}

  /**
   * A difference.
   *
   * @param initialVersions what it holds from an earlier stream, by name; only in the first request
   *     of a type
   */
  record DeltaInterest(
      List<String> subscribe, List<String> unsubscribe, Map<String, String> initialVersions)
      implements Interest {}

  /**
   * Everything, every time.
   *
   * @param version of the last response that it took, from this stream or an earlier one
   */
  record SotwInterest(List<String> names, String version) implements Interest {}
}
