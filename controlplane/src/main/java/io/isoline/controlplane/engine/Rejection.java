package io.isoline.controlplane.engine;

import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.NavigableSet;

/**
 * An Envoy refused a version of a resource.
 *
 * @param envoy which one
 * @param origins the objects that the resource was made of, as far as they can be told
 * @param words what Envoy said
 */
public record Rejection(
    StreamInfo envoy, Resource resource, NavigableSet<ObjectRef> origins, String words) {

  /** The verdict for one of the origins. */
  Verdict verdict(ObjectRef origin) {
    return new Verdict(
        origin,
        "",
        Outcome.REFUSED,
        Reason.RejectedByEnvoy,
        "Envoy refused "
            + resource.key()
            + ", which was made of it"
            + (resource.type() == ResourceType.LISTENER && origins.size() > 1
                ? " and of others that changed since it was taken last"
                : "")
            + ", and goes on with "
            + (resource.type() == ResourceType.SECRET
                ? "the last certificate that it took, or the default certificate: "
                : "the last version that it took: ")
            + words,
        "change the object; it is tried again then. Please report this as a bug of Isoline");
  }
}
