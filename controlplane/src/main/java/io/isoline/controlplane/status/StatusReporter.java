package io.isoline.controlplane.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.peers.PeerRole;
import io.isoline.controlplane.peers.PeerService;
import io.isoline.controlplane.replicas.Parties;
import io.isoline.controlplane.replicas.ReplicaAddress;
import io.isoline.controlplane.replicas.ReplicaLink;
import io.isoline.controlplane.replicas.ReplicaReport;
import io.isoline.controlplane.replicas.ReplicaService;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.Kind.Reporting;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the users of the API server what became of their objects. Make it before the engine, whose
 * listener it is, and start it when the engine serves.
 *
 * <p>One thread owns all that is known here: it hears the engine, the other replicas and the
 * election, and it decides. Requests are sent by other threads.
 *
 * <p>Only the leader writes. A replica that takes the lead over waits {@link #GATHERING} before it
 * writes anything, so that the other replicas find it and say what their Envoys have; until then it
 * would not know whom to wait for.
 */
public final class StatusReporter implements EngineListener, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);

  /**
   * Longer than the others need to see in the Lease who leads, every 4.4 s at the latest, and to
   * connect. No shorter when all have come: nobody knows how many there are.
   */
  private static final Duration GATHERING = Duration.ofSeconds(6);

  private static final Duration TICK = Duration.ofSeconds(1);

  /** How often everything is compared with what the API server has. */
  private static final Duration COMPARE = Duration.ofSeconds(5);

  private final StatusSettings settings;
  private final KubernetesClient client;
  private final StatusListener listener;
  private final ScheduledExecutorService thread = new OneThread();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("status-request-", 0).factory());
  private final ReplicaService service;

  // Set by start().
  private volatile @Nullable LeaseElection election;
  private volatile boolean alone;
  private volatile boolean closed;
  private @Nullable ServiceAddresses addresses;
  private @Nullable ReplicaAddress self;

  // Owned by the thread.
  private final Parties parties = new Parties();
  private final Set<Long> envoys = new HashSet<>();
  private final IngressAddresses ingresses;
  private final StatusWriter writer;
  private final EventRecorder recorder;
  private final ReplicaLink link;
  private boolean leading;
  private boolean writing;
  private boolean first = true;
  private int followers;
  private long leadingSince;
  private long comparedAt = System.nanoTime();

  StatusReporter(
      StatusSettings settings,
      KubernetesClient client,
      StatusApi api,
      ObjectIndex objects,
      StatusListener listener,
      Clock clock) {
    this.settings = settings;
    this.client = client;
    this.listener = listener;
    ingresses =
        new IngressAddresses(
            objects,
            ingress -> Progress.of(parties.programmed(ingress)),
            IngressAddresses.fieldManager(settings.controller()));
    writer =
        new StatusWriter(
            api,
            ingresses,
            this::isLeader,
            workers,
            thread,
            System::nanoTime,
            listener);
    recorder =
        new EventRecorder(
            api,
            new EventBook(objects, parties),
            this::isLeader,
            workers,
            thread,
            System::nanoTime,
            clock,
            listener);
    link = new ReplicaLink(parties, settings.tls(), thread);
    service = new ReplicaService(thread, this::isLeader, parties, new Others());
  }

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
    KubernetesClient quick = LeaseElection.quick(client);
    Election election = settings.election();
    StatusApi api =
        new KubernetesStatusApi(quick, election == null ? "isoline" : election.identity());
    return new StatusReporter(settings, client, api, objects, listener, Clock.systemUTC());
  }

  /** The services that the xDS server has to offer besides, at which other replicas report. */
  public List<PeerService> services() {
    return List.of(new PeerService(PeerRole.REPLICA, service));
  }

  /**
   * Takes part in the election from now on, and writes as soon as it leads.
   *
   * @param port the xDS port of this replica
   */
  public void start(int port) {
    switch (settings.publication()) {
      case Publication.Nothing _ ->
          log.info(
              "Ingresses get no address in their status, as neither --publish-service nor"
                  + " --publish-status-address is given");
      case Publication.Fixed fixed -> want(fixed.addresses());
      case Publication.OfService of ->
          addresses = ServiceAddresses.watch(client, of.namespace(), of.name(), this::want);
    }
    Election by = settings.election();
    if (by == null) {
      alone = true;
    } else {
      self = new ReplicaAddress(by.identity(), by.host(), port);
      election =
          LeaseElection.start(
              client,
              by.namespace(),
              by.name(),
              self,
              holder -> thread.execute(() -> lookAtLead(holder)));
    }
    thread.execute(this::lookAtLead);
    var _ =
        thread.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void want(List<PublishedAddress> now) {
    thread.execute(
        () -> {
          ingresses.want(now);
          writer.lookAtAll();
        });
  }

  /** Whether this replica is the leader at this moment. By any thread. */
  public boolean isLeader() {
    LeaseElection by = election;
    return !closed && (by == null ? alone : by.isLeader());
  }

  @Override
  public void judged(Map<ObjectRef, List<Verdict>> verdicts) {
    thread.execute(
        () -> {
          take(ReplicaReport.ofEnvoys(envoys.size()).withVerdicts(verdicts));
          verdicts.forEach(
              (object, judged) -> {
                if (object.kind().reporting() == Reporting.EVENTS_AND_STATUS) {
                  ingresses.judged(object, judged);
                  if (judged.isEmpty()) {
                    writer.forget(object);
                  } else {
                    writer.look(List.of(object));
                  }
                }
                recorder.judged(object, judged);
              });
        });
  }

  @Override
  public void programmed(Collection<ProgrammedIngress> ingresses) {
    List<ProgrammedIngress> now = List.copyOf(ingresses);
    thread.execute(() -> take(ReplicaReport.ofEnvoys(envoys.size()).withProgrammed(now)));
  }

  @Override
  public void connected(StreamInfo envoy) {
    thread.execute(
        () -> {
          envoys.add(envoy.id());
          take(ReplicaReport.ofEnvoys(envoys.size()));
        });
  }

  @Override
  public void disconnected(StreamInfo envoy) {
    thread.execute(
        () -> {
          envoys.remove(envoy.id());
          take(ReplicaReport.ofEnvoys(envoys.size()));
        });
  }

  private void take(ReplicaReport report) {
    Set<ObjectRef> touched = parties.here(report);
    link.changed(touched);
    changed(touched);
  }

  private void changed(Set<ObjectRef> touched) {
    writer.look(touched);
    recorder.changed(touched);
  }

  private void lookAtLead(@Nullable String holder) {
    ReplicaAddress leader = ReplicaAddress.parse(holder);
    link.follow(Objects.equals(leader, self) ? null : leader);
    lookAtLead();
  }

  private void lookAtLead() {
    boolean now = isLeader();
    if (now != leading) {
      leading = now;
      leadingSince = System.nanoTime();
      first &= now;
      if (now) {
        log.info("this replica leads: it writes the status of Ingresses, and events");
      } else {
        log.info("this replica no longer leads");
        service.sendAway();
      }
      listener.leading(now);
    }
    LeaseElection by = election;
    boolean gathered =
        by == null
            || (first && by.isFirst())
            || System.nanoTime() - leadingSince >= GATHERING.toNanos();
    if (writing != (now && gathered)) {
      writing = now && gathered;
      writer.lead(writing);
      recorder.lead(writing);
    }
  }

  /** Runs each of these in a task of its own, as a task that fails ends its schedule. */
  private void tick() {
    thread.execute(this::lookAtLead);
    thread.execute(() -> recorder.tick(link.isConnected()));
    if (System.nanoTime() - comparedAt >= COMPARE.toNanos()) {
      comparedAt = System.nanoTime();
      thread.execute(writer::lookAtAll);
    }
  }

  /** The other replicas, while this one leads. */
  private final class Others implements ReplicaService.Listener {
    @Override
    public void reported(long replica, ReplicaReport report) {
      changed(parties.reported(replica, report));
      count();
    }

    @Override
    public void left(long replica) {
      changed(parties.left(replica));
      count();
    }

    private void count() {
      if (service.size() != followers) {
        followers = service.size();
        listener.followers(followers);
      }
    }
  }

  /**
   * Ends what is being written, and gives the lead to another replica at once. To be closed before
   * the engine; returns within ten seconds, all of which it needs when the API server does not
   * answer.
   */
  @Override
  public void close() {
    closed = true;
    if (addresses != null) {
      addresses.close();
    }
    CountDownLatch silent = new CountDownLatch(1);
    thread.execute(
        () -> {
          writer.lead(false);
          recorder.lead(false);
          service.sendAway();
          link.follow(null);
          silent.countDown();
        });
    LeaseElection by = election;
    try {
      // The requests that are under way end before somebody else leads.
      if (silent.await(LeaseElection.REQUEST.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdown();
        var _ = workers.awaitTermination(LeaseElection.REQUEST.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (by != null) {
        by.close();
      }
      workers.shutdownNow();
      thread.shutdownNow();
    }
  }
}
