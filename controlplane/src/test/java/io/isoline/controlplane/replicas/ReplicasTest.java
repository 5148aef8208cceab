package io.isoline.controlplane.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.isoline.controlplane.certs.CertificateAuthority;
import io.isoline.controlplane.certs.Credential;
import io.isoline.controlplane.certs.XdsIdentity;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.peers.PeerRole;
import io.isoline.controlplane.peers.PeerService;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.peers.TlsFiles;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.ingress.InForce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that leads and one that does not, over a real connection. */
final class ReplicasTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Ignores what comes in after the test. */
  private final ScheduledExecutorService thread =
      new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());

  private final Parties leading = new Parties();
  private final Parties following = new Parties();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final ReplicaLink link = new ReplicaLink(following, null, thread);
  private final List<Server> servers = new ArrayList<>();
  private volatile boolean leads = true;

  private final ReplicaService service =
      new ReplicaService(
          thread,
          () -> leads,
          leading,
          new ReplicaService.Listener() {
            @Override
            public void reported(long replica, ReplicaReport report) {
              leading.reported(replica, report);
              seen.add("reported");
            }

            @Override
            public void left(long replica) {
              leading.left(replica);
              seen.add("left");
            }
          });

  @AfterEach
  void stop() {
    on(
        () -> {
          link.follow(null);
          return "";
        });
    servers.forEach(Server::shutdownNow);
    thread.shutdownNow();
  }

  @Test
  void follow_moreThanOneMessageHolds_saysAllThereIs() throws Exception {
    int count = 1234;
    List<ProgrammedIngress> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new ProgrammedIngress(ref(i), "s", 1, 1, InForce.NOTHING));
    }
    say(leading, ReplicaReport.ofEnvoys(0).withProgrammed(all));
    say(following, ReplicaReport.ofEnvoys(1).withProgrammed(all));
    follow(serve(0));
    awaitProgrammed(ref(0), true);
    awaitProgrammed(ref(count - 1), true);
  }

  @Test
  void changed_later_saysTheDifference() throws Exception {
    say(leading, told(0, 1, "a"));
    say(following, told(1, 1, "a"));
    follow(serve(0));
    awaitProgrammed(ref(1), true);
    change(told(1, 1, "b"));
    awaitProgrammed(ref(1), false);
    say(leading, told(0, 1, "b"));
    awaitProgrammed(ref(1), true);
    change(new ReplicaReport(1, List.of(), List.of(ref(1)), Map.of()));
    awaitProgrammed(ref(1), false);
  }

  @Test
  void changed_onlyTheNumberOfEnvoys_isSaid() throws Exception {
    say(leading, told(1, 1, "a"));
    follow(serve(0));
    awaitProgrammed(ref(1), true);
    change(ReplicaReport.ofEnvoys(1));
    awaitProgrammed(ref(1), false);
    change(ReplicaReport.ofEnvoys(0));
    awaitProgrammed(ref(1), true);
  }

  @Test
  void follow_nobodyAnyMore_theLeaderForgets() throws Exception {
    say(leading, told(1, 1, "a"));
    say(following, ReplicaReport.ofEnvoys(1));
    follow(serve(0));
    awaitProgrammed(ref(1), false);
    on(
        () -> {
          link.follow(null);
          return "";
        });
    awaitProgrammed(ref(1), true);
  }

  @Test
  void follow_aReplicaThatDoesNotLeadYet_isTriedUntilItDoes() throws Exception {
    leads = false;
    say(leading, told(0, 1, "a"));
    say(following, told(1, 1, "a"));
    follow(serve(0));
    leads = true;
    awaitProgrammed(ref(1), true);
  }

  @Test
  void follow_theLeaderIsStartedAgain_saysAllAgain() throws Exception {
    say(leading, told(0, 1, "a"));
    say(following, told(1, 1, "a"));
    int port = serve(0);
    follow(port);
    awaitProgrammed(ref(1), true);
    servers.removeFirst().shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    awaitProgrammed(ref(1), false);
    serve(port);
    awaitProgrammed(ref(1), true);
    assertTrue(on(link::isConnected));
  }

  /** The port of the leader is that of the Envoys, and has their TLS. */
  @Test
  void follow_overTls_onlyAReplicasCertificateMayReport(@TempDir Path directory) throws Exception {
    CertificateAuthority ca = CertificateAuthority.create(Instant.now());
    say(leading, told(0, 1, "a"));
    say(following, told(1, 1, "a"));
    XdsServer.Options options =
        XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (PeerTls tls = open(directory, ca);
        XdsServer server =
            XdsServer.start(
                options
                    .withTls(tls)
                    .withServices(List.of(new PeerService(PeerRole.REPLICA, service))),
                new ResourceStore(),
                thread,
                new StreamEvents() {})) {
      ReplicaAddress address =
          new ReplicaAddress(
              "leader", InetAddress.getLoopbackAddress().getHostAddress(), server.port());
      ReplicaLink plain = new ReplicaLink(following, null, thread);
      ReplicaLink withTls = new ReplicaLink(following, tls, thread);
      on(
          () -> {
            plain.follow(address);
            withTls.follow(address);
            return "";
          });
      awaitProgrammed(ref(1), true);
      assertEquals(1, on(service::size));
      assertFalse(on(plain::isConnected));
      on(
          () -> {
            plain.follow(null);
            withTls.follow(null);
            return "";
          });
    }
  }

  private static PeerTls open(Path directory, CertificateAuthority ca) throws Exception {
    Credential own = ca.issue(XdsIdentity.SERVER, Instant.now());
    return PeerTls.open(
        new TlsFiles(
            Files.writeString(directory.resolve("tls.crt"), own.certificatePem()),
            Files.writeString(directory.resolve("tls.key"), own.keyPem()),
            Files.writeString(directory.resolve("ca.crt"), ca.credential().certificatePem())));
  }

  @Test
  void sendAway_theLeadIsLost_forgetsAndRefuses() throws Exception {
    say(leading, told(0, 1, "a"));
    say(following, told(1, 1, "a"));
    follow(serve(0));
    awaitProgrammed(ref(1), true);
    leads = false;
    on(
        () -> {
          service.sendAway();
          return "";
        });
    awaitProgrammed(ref(1), false);
    assertEquals(0, on(service::size));
  }

  private int serve(int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Server server =
        NettyServerBuilder.forAddress(address, InsecureServerCredentials.create())
            .directExecutor()
            .addService(service)
            .build()
            .start();
    servers.add(server);
    return server.getPort();
  }

  private void follow(int port) {
    ReplicaAddress address =
        new ReplicaAddress("leader", InetAddress.getLoopbackAddress().getHostAddress(), port);
    on(
        () -> {
          link.follow(address);
          return "";
        });
  }

  private void say(Parties who, ReplicaReport report) {
    on(() -> who.here(report));
    seen.add("said");
  }

  private void change(ReplicaReport report) {
    on(
        () -> {
          link.changed(following.here(report));
          return "";
        });
  }

  private void awaitProgrammed(ObjectRef ingress, boolean expected) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while ((on(() -> leading.programmed(ingress)) != null) != expected) {
      assertTrue(
          seen.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) != null,
          ingress + " should " + (expected ? "" : "not ") + "be programmed by now");
    }
  }

  private <T extends @Nullable Object> T on(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, thread).join();
  }

  private static ReplicaReport told(int envoys, int ingress, String state) {
    return ReplicaReport.ofEnvoys(envoys)
        .withProgrammed(
            List.of(
                new ProgrammedIngress(ref(ingress), state, envoys, envoys, InForce.NOTHING)));
  }

  private static ObjectRef ref(int number) {
    return ObjectRef.ingress("default", "i" + number);
  }
}
