package io.isoline.controlplane.status;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import java.util.List;

/** Where the addresses come from that are written to the status of Ingresses. */
public sealed interface Publication {

  /** From nowhere: no status is written. */
  record Nothing() implements Publication {}

  /** They are those of a Service, whatever its namespace is, and change with it. */
  record OfService(String namespace, String name) implements Publication {}

  /** They are always these. */
  record Fixed(List<PublishedAddress> addresses) implements Publication {
    public Fixed {
      addresses = List.copyOf(addresses);
    }
  }
}
