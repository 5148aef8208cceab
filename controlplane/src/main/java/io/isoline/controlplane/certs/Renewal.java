package io.isoline.controlplane.certs;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * What is to be done with the Secrets of a {@link CertificateSet}.
 *
 * @param write Secrets to create, or to update when they carry a resource version; those that are
 *     right are not among them
 * @param reasons why, for each of {@code write} in the same order
 * @param foreign names of Secrets that are not ours; nothing is written then
 * @param missing names of Secrets that do not exist
 */
public record Renewal(
    List<Secret> write, List<String> reasons, List<String> foreign, List<String> missing) {

  public Renewal {
    write = List.copyOf(write);
    reasons = List.copyOf(reasons);
    foreign = List.copyOf(foreign);
    missing = List.copyOf(missing);
  }

  /** Leaves the Secrets out, so that no log shows their keys. */
  @Override
  public String toString() {
    return "Renewal[reasons=%s, foreign=%s, missing=%s]".formatted(reasons, foreign, missing);
  }
}
