package io.isoline.controlplane.cli;

import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.options.ListenAddress;
import io.isoline.controlplane.runs.DrainServer;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.envoy.Address;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.envoy.EnvoyDrain;
import io.isoline.envoy.EnvoyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline drain}. */
@Command(
    name = "drain",
    sortOptions = false,
    customSynopsis = "isoline drain [OPTIONS]",
    optionListHeading = "%nOptions:%n",
    description = {
      "Takes an Envoy out of service, and returns when it can be stopped without a lost request.",
      "",
      "Envoy fails its health check and tells its clients to go elsewhere, but goes on to serve all"
          + " that still come. After the delay its idle connections are closed, too.",
      "",
      "With --serve it stands by an Envoy in a pod, and drains it when the pod ends: on SIGTERM."
          + " The preStop hook of Envoy's container asks GET /drained, which answers when that is"
          + " done, so that Envoy is stopped only then. Until then it says who may pass by basic or"
          + " external authentication, and counts for limit-connections, on the socket users.sock"
          + " beside that of --admin."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline drain --admin unix:/run/isoline/admin.sock",
      "  isoline drain --serve 0.0.0.0:8003 --delay 30 --timeout 600"
    })
final class DrainCommand implements Callable<Integer> {

  /** How many times during {@code --absence} the command looks for an Envoy. */
  private static final int QUESTIONS = 10;

  private final Terminal terminal;

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      description = "Envoy's administration interface; default: ${DEFAULT-VALUE}.")
  private String admin = "unix:/run/isoline/admin.sock";

  @Option(
      names = "--delay",
      paramLabel = "SECONDS",
      description = {
        "How long the load balancer takes to see that Envoy is not healthy, and to send new"
            + " connections elsewhere; default: ${DEFAULT-VALUE}."
      })
  private int delay = 15;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = {
        "How long to wait at most for the end of all connections, the delay included; default:"
            + " ${DEFAULT-VALUE}."
      })
  private int timeout = 300;

  @Option(
      names = "--serve",
      paramLabel = "ADDRESS",
      description =
          "Wait for SIGTERM first, and answer GET /drained here: HOST:PORT or [IPV6]:PORT.")
  private @Nullable String serve;

  @Option(
      names = "--absence",
      paramLabel = "SECONDS",
      description =
          "With --serve: end by itself when no Envoy has been there for so long; default:"
              + " ${DEFAULT-VALUE}.")
  private int absence = 60;

  @Mixin private final LogOption log = new LogOption();

  DrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure, EnvoyException, InterruptedException {
    if (delay < 0 || timeout < delay) {
      throw new Failure(
          "--delay and --timeout: expected 0 <= delay <= timeout, not %d and %d"
              .formatted(delay, timeout));
    }
    if (absence < 1) {
      throw new Failure("--absence: expected at least 1, not " + absence);
    }
    Address address;
    try {
      address = Address.parse(admin);
      CredentialsSocket.beside(address);
    } catch (IllegalArgumentException e) {
      throw new Failure("--admin: " + e.getMessage(), e);
    }
    log.configure(Logging.LogLevel.INFO);
    if (serve == null) {
      run(new EnvoyDrain(address, terminal::report));
    } else {
      standBy(address, serve);
    }
    return Main.OK;
  }

  private void run(EnvoyDrain drain) throws EnvoyException, InterruptedException {
    drain.run(Duration.ofSeconds(delay), Duration.ofSeconds(timeout));
  }

  private void standBy(Address address, String listen)
      throws Failure, EnvoyException, InterruptedException {
    Logger logger = LoggerFactory.getLogger("drain");
    EnvoyDrain drain = new EnvoyDrain(address, logger::info);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(ServeCommand.hook(stop, stopped));
    try (DrainServer server = listen(listen);
        CredentialsServer _ = answer(address, logger)) {
      // A pod that ends starts no container again, so an earlier run ended for another reason.
      drain.undo();
      logger.info("ready to drain the Envoy at {}", address);
      if (awaitSignal(stop, drain)) {
        server.draining();
        run(drain);
      } else {
        logger.info("ends, as no Envoy has been there for {} s", absence);
      }
    } finally {
      stopped.countDown();
    }
  }

  /**
   * Waits for the signal; returns false when no Envoy has been there for a while. The signal may
   * have been lost then: Linux does not deliver it to the first process of a container that has not
   * asked for it yet, which Java does some 0.1 s after its start. If this process went on, the
   * kubelet would wait for it until the grace period is over; in a pod that stays, the kubelet
   * starts the container again.
   */
  private boolean awaitSignal(CountDownLatch stop, EnvoyDrain drain) throws InterruptedException {
    int unanswered = 0;
    while (!stop.await(TimeUnit.SECONDS.toNanos(absence) / QUESTIONS, TimeUnit.NANOSECONDS)) {
      unanswered = drain.isPossible() ? 0 : unanswered + 1;
      if (unanswered == QUESTIONS) {
        return false;
      }
    }
    return true;
  }

  /**
   * Begins to answer Envoy's questions who may pass, for as long as Envoy drains, as requests come
   * until then. Null when the socket cannot be listened on: Envoy then lets nobody pass, and is
   * drained all the same.
   */
  private static @Nullable CredentialsServer answer(Address admin, Logger logger) {
    Path socket = CredentialsSocket.beside(admin);
    if (socket == null) {
      return null;
    }
    try {
      return CredentialsServer.start(socket);
    } catch (IOException e) {
      logger.error(
          "routes with authentication or limit-connections answer 503, as {} cannot be listened on: {}",
          socket,
          e.getMessage());
      return null;
    }
  }

  private static DrainServer listen(String listen) throws Failure {
    InetSocketAddress address = ListenAddress.parse("--serve", listen);
    try {
      return DrainServer.start(address);
    } catch (IOException e) {
      throw ListenAddress.taken("--serve", listen, e);
    }
  }
}
