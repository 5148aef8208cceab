package io.isoline.controlplane.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.xds.PeerService;
import java.util.List;

/**
 * Says back to the users of the API server what became of their objects. To be made before the
 * engine, whose listener it is, and started when the engine serves.
 */
public final class StatusReporter implements EngineListener, AutoCloseable {

  private StatusReporter() {}

  /**
   * A reporter that listens to the engine and writes nothing yet.
   *
   * @param client stays the caller's
   */
  public static StatusReporter create(
      StatusSettings settings,
      KubernetesClient client,
      ObjectIndex objects,
      StatusListener listener) {
    return new StatusReporter();
  }

  /** What the xDS server serves besides: other replicas report here. */
  public List<PeerService> services() {
    return List.of();
  }

  /**
   * Takes part in the election from now on, and writes as soon as it leads.
   *
   * @param port the xDS port of this replica
   */
  public void start(int port) {}

  /** Whether this replica is the leader at this moment. */
  public boolean isLeader() {
    return false;
  }

  /**
   * Ends what is being written, and gives the lead to another replica at once. To be closed before
   * the engine; returns within a few seconds.
   */
  @Override
  public void close() {}
}
