package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import java.util.List;

/**
 * A response that a client is to get next.
 *
 * @param version of the whole type for delta; for state-of-the-world a hash over what the client
 *     holds of the type once it took the response
 * @param removed names that do not exist (any more); always empty for state-of-the-world
 */
public record AdsResponse(
    String typeUrl, String nonce, String version, List<Resource> resources, List<String> removed) {

  /** The size of the resources. */
  long bytes() {
    return resources.stream().mapToLong(Resource::bytes).sum();
  }
}
