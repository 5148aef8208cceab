package io.isoline.controlplane.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.isoline.controlplane.replicas.ReplicaAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes part in the election of a leader by a Lease, for as long as it is open: whoever loses the
 * Lease, or cannot renew it, tries again.
 *
 * <p>There are never two leaders. A leader that cannot renew the Lease stops leading {@link #HOLD}
 * after it began the last renewal. Its requests that are under way then end within
 * {@link #REQUEST}. Another replica can take the Lease only {@link #LEASE} after that renewal.
 */
final class LeaseElection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeaseElection.class);

  static final Duration LEASE = Duration.ofSeconds(15);
  static final Duration HOLD = Duration.ofSeconds(10);
  static final Duration RETRY = Duration.ofSeconds(2);

  /** How long a request to the API server may take: of the election, and of whoever leads. */
  static final Duration REQUEST = Duration.ofSeconds(4);

  private final KubernetesClient client;
  private final String path;
  private final HeldLease lease;
  private final Complaint unreachable = new Complaint(log);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("election").daemon().factory());

  @GuardedBy("this")
  private @Nullable CompletableFuture<?> running;
  @GuardedBy("this")
  private boolean closed;

  private LeaseElection(
      KubernetesClient client,
      String namespace,
      String name,
      ReplicaAddress self,
      Consumer<@Nullable String> holder) {
    this.client = client;
    this.path = namespace + "/" + name;
    this.lease =
        new HeldLease(
            new LeaseLock(namespace, name, self.toString()),
            HOLD,
            System::nanoTime,
            new HeldLease.Listener() {
              @Override
              public void seen(@Nullable String identity) {
                unreachable.settle("Lease " + path + " is reached again");
                holder.accept(identity);
              }

              @Override
              public void failed(KubernetesClientException error) {
                complain(error);
              }
            });
  }

  /**
   * Takes part from now on.
   *
   * @param self this replica
   * @param holder is told who leads each time when the Lease was looked at; null when nobody does;
   *     by threads of the election
   */
  static LeaseElection start(
      KubernetesClient client,
      String namespace,
      String name,
      ReplicaAddress self,
      Consumer<@Nullable String> holder) {
    LeaseElection election = new LeaseElection(quick(client), namespace, name, self, holder);
    election.run();
    return election;
  }

  /** The client with requests that end soon, and are not repeated behind our back. */
  static KubernetesClient quick(KubernetesClient client) {
    return client
        .newClient(
            new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout((int) REQUEST.toMillis())
                .withRequestRetryBackoffLimit(0)
                .build())
        .adapt(KubernetesClient.class);
  }

  /** Whether this replica leads at this moment. By any thread. */
  boolean isLeader() {
    return lease.isHeld();
  }

  /** Whether there was no Lease before, so that no replica has followed another leader. */
  boolean isFirst() {
    return lease.isMade();
  }

  private synchronized void run() {
    if (closed) {
      return;
    }
    LeaderElectionConfig config =
        new LeaderElectionConfig(
            lease,
            LEASE,
            HOLD,
            RETRY,
            // Who leads is what the lease says; the library's word comes too late.
            new LeaderCallbacks(() -> {}, () -> {}, leader -> {}),
            true,
            path);
    running = new LeaderElector(client, config, thread).start();
    var _ = running.whenComplete((end, error) -> again());
  }

  private void again() {
    try {
      var _ = thread.schedule(this::run, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the election has ended");
    }
  }

  private void complain(KubernetesClientException error) {
    unreachable.raise(
        error.getCode() == 403
            ? "Lease "
                + path
                + " may not be read or written, so this replica cannot lead; the role needs the"
                + " verbs get, create and patch on leases in the group coordination.k8s.io: "
                + KubernetesStatusApi.words(error)
            : "Lease "
                + path
                + " cannot be reached, tried again: "
                + KubernetesStatusApi.words(error));
  }

  /** Leads no longer, and gives the Lease back; returns within {@link #REQUEST} or so. */
  @Override
  public void close() {
    CompletableFuture<?> last;
    synchronized (this) {
      closed = true;
      last = running;
    }
    if (last != null) {
      // The library releases the Lease when it is cancelled, in the caller's thread.
      last.cancel(true);
    }
    lease.giveUp();
    thread.shutdownNow();
  }
}
