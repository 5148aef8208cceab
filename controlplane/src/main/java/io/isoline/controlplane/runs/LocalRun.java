package io.isoline.controlplane.runs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.local.SampleBackends;
import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.offline.OfflineTranslation;
import io.isoline.controlplane.offline.ServedClasses;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.ReadingProgress;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Version;
import io.isoline.controlplane.terminal.Words;
import io.isoline.controlplane.text.Printable;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.EnvoyProcess;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.settings.ListenerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One run of {@code isoline up}: what it starts, in what order, and that all of it ends.
 *
 * <p>{@link #run} belongs to one thread; {@link #close} and {@link #interrupt} may be called by
 * any.
 */
public final class LocalRun implements AutoCloseable {

  private static final int HTTP_PORT = 8080;
  private static final int HTTPS_PORT = 8443;
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final int MOST_REQUESTS = 12;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  /** The command line. A null is left to the configuration file and the defaults. */
  public record Options(
      List<Path> paths,
      @Nullable String address,
      @Nullable Integer httpPort,
      @Nullable Integer httpsPort,
      boolean backends,
      @Nullable Path envoy) {}

  private final Terminal terminal;
  private final SettingsOptions settingsOptions;
  private final Options options;
  private final SampleBackends backends = new SampleBackends();

  @GuardedBy("this")
  private @Nullable Engine engine;
  @GuardedBy("this")
  private @Nullable FileFeed feed;
  @GuardedBy("this")
  private @Nullable EnvoyProcess envoy;
  @GuardedBy("this")
  private @Nullable CredentialsServer credentials;
  @GuardedBy("this")
  private boolean closed;

  public LocalRun(Terminal terminal, SettingsOptions settingsOptions, Options options) {
    this.terminal = terminal;
    this.settingsOptions = settingsOptions;
    this.options = options;
  }

  /** Runs until Envoy ends, which it does on {@link #close}. */
  public void run() throws Failure, EnvoyException, InterruptedException {
    SettingsOptions.Chosen chosen = settingsOptions.read();
    Manifests manifests = read();
    String address = address(chosen);
    ListenPorts ports =
        ListenPorts.choose(
            address,
            port(options.httpPort(), chosen, "http", HTTP_PORT),
            port(options.httpsPort(), chosen, "https", HTTPS_PORT));
    EnvoyBinary binary =
        EnvoyBinary.find(options.envoy(), terminal.environment(), this::progress);

    EditLog log = new EditLog(terminal, manifests, this::timed);
    Settings settings = listening(OfflineTranslation.settingsFor(manifests, chosen), address, ports);
    Engine started = startEngine(settings, log);
    FileFeed files =
        new FileFeed(
            started,
            settings,
            latest -> {
              SettingsOptions.Chosen now = settingsOptions.read();
              return listening(OfflineTranslation.settingsFor(latest, now), address, ports);
            },
            options.backends() ? backends : null,
            this::progress);
    keep(files);
    files.start(options.paths(), settingsOptions.files(), log::show);
    log.awaitLoaded();
    EnvoyProcess process = startEnvoy(binary, started.port());
    answerCredentials(process);
    process.awaitReady(READY_LIMIT);

    introduce(
        binary,
        address,
        ports,
        manifests,
        settings.ingress().classes().withoutClass()
            && !chosen.withoutClassChosen()
            && ServedClasses.isOneWithoutClass(manifests),
        log);
    EnvoyProcess.Exit exit = process.exited().join();
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    throw new Failure(exit.toString());
  }

  private Manifests read() {
    try (ReadingProgress progress = new ReadingProgress(terminal)) {
      return new ManifestReader(progress).read(options.paths());
    }
  }

  private String address(SettingsOptions.Chosen chosen) {
    if (options.address() != null) {
      return options.address();
    }
    return chosen.has("http.address")
        ? chosen.settings().listeners().http().address()
        : "127.0.0.1";
  }

  private static int port(
      @Nullable Integer flag, SettingsOptions.Chosen chosen, String listener, int usual) {
    if (flag != null) {
      return flag;
    }
    if (!chosen.has(listener + ".port")) {
      return usual;
    }
    Settings settings = chosen.settings();
    ListenerSettings listeners = settings.listeners();
    return (listener.equals("http") ? listeners.http() : listeners.https()).port();
  }

  private static Settings listening(Settings settings, String address, ListenPorts ports) {
    ListenerSettings.Place http = settings.listeners().http();
    ListenerSettings.Place https = settings.listeners().https();
    return settings
        .with(
            settings
                .listeners()
                .withHttp(
                    new ListenerSettings.Place(
                        address, ports.http(), http.forwardedPort(), http.proxyProtocol()))
                .withHttps(
                    new ListenerSettings.Place(
                        address, ports.https(), https.forwardedPort(), https.proxyProtocol())))
        // The files and the backends are one person's, and on this machine.
        .with(settings.services().allowingLoopbackEndpoints(true));
  }

  private Engine startEngine(Settings settings, EditLog log) throws Failure {
    try {
      XdsServer.Options server =
          XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return keep(Engine.start(settings, server, log, Clock.systemUTC()));
    } catch (IOException e) {
      throw new Failure("the control plane cannot listen on loopback: " + e.getMessage(), e);
    }
  }

  private EnvoyProcess startEnvoy(EnvoyBinary binary, int xdsPort) throws EnvoyException {
    Address xds =
        new Address.Socket(InetAddress.getLoopbackAddress().getHostAddress(), xdsPort);
    var output = LoggerFactory.getLogger("envoy");
    return keep(
        EnvoyProcess.start(
            binary,
            directory ->
                Bootstrap.of(
                    BootstrapOptions.builder(xds, EnvoyProcess.adminSocket(directory))
                        .nodeId("up")
                        .build()),
            EnvoyProcess.Options.logging(output::debug)
                .withLogLevel("warning")
                .withConcurrency(2)
                .withDrainTime(Duration.ofSeconds(1))));
  }

  /** Says who may pass, and counts, beside Envoy; in a pod, another container does. */
  private void answerCredentials(EnvoyProcess process) throws Failure {
    Path socket = CredentialsSocket.beside(EnvoyProcess.adminSocket(process.directory()));
    try {
      keep(CredentialsServer.start(Objects.requireNonNull(socket)));
    } catch (IOException e) {
      throw new Failure("nobody can be let pass by authentication: " + e.getMessage(), e);
    }
  }

  private synchronized void keep(CredentialsServer started) {
    credentials = started;
    endIfClosed();
  }

  private synchronized Engine keep(Engine started) {
    engine = started;
    endIfClosed();
    return started;
  }

  private synchronized void keep(FileFeed started) {
    feed = started;
    endIfClosed();
  }

  private synchronized EnvoyProcess keep(EnvoyProcess started) {
    envoy = started;
    endIfClosed();
    return started;
  }

  /** Stops what was started while everything was being stopped. */
  @GuardedBy("this")
  private void endIfClosed() {
    if (closed) {
      stopAll();
    }
  }

  private void introduce(
      EnvoyBinary binary,
      String address,
      ListenPorts ports,
      Manifests manifests,
      boolean withoutClass,
      EditLog log) {
    List<String> findings = log.findings();
    terminal.print(
        "Isoline %s with Envoy %s (%s)"
            .formatted(Version.current().isoline(), binary.version(), binary.path()));
    terminal.print(
        "Loaded %s%s"
            .formatted(
                counted(manifests),
                backends.size() == 0
                    ? ""
                    : ", started " + Words.count(backends.size(), "sample pod")));
    if (withoutClass) {
      terminal.print("The files hold no IngressClass: Ingresses without a class are served.");
    }
    terminal.print("");
    printRequests(address, ports, manifests, log.verdicts());
    if (!findings.isEmpty()) {
      terminal.print("");
      findings.forEach(terminal::print);
    }
    terminal.print("");
    terminal.print(
        "Watching %s for edits. Ctrl-C stops everything."
            .formatted(
                options.paths().stream()
                    .map(path -> Printable.line(path.toString()))
                    .collect(Collectors.joining(", "))));
  }

  private static String counted(Manifests manifests) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (ManifestObject object : manifests.objects()) {
      kinds.merge(object.ref().kind().text(), 1, Integer::sum);
    }
    List<String> words = new ArrayList<>();
    kinds.forEach((kind, count) -> words.add(Words.count(count, kind)));
    return words.isEmpty() ? "nothing that Isoline uses" : String.join(", ", words);
  }

  private void printRequests(
      String address,
      ListenPorts ports,
      Manifests manifests,
      Map<ObjectRef, List<Verdict>> verdicts) {
    List<IngressRecord> ours = new ArrayList<>();
    for (ManifestObject object : manifests.objects()) {
      if (object.projection() instanceof IngressRecord ingress
          && verdicts.getOrDefault(ingress.ref(), List.of()).stream()
              .noneMatch(verdict -> verdict.reason() == Reason.OtherClass)) {
        ours.add(ingress);
      }
    }
    String target = address.equals("0.0.0.0") ? "127.0.0.1" : address;
    target = target.equals("::") ? "::1" : target;
    List<SampleRequests.Request> requests =
        new SampleRequests(target, ports.http(), ports.https()).of(ours, verdicts);
    List<SampleRequests.Request> some =
        requests.subList(0, Math.min(MOST_REQUESTS, requests.size()));
    int width =
        some.stream().mapToInt(request -> request.command().length()).max().orElse(0);
    for (SampleRequests.Request request : some) {
      terminal.print(
          "  " + request.command() + " ".repeat(width - request.command().length() + 3)
              + terminal.styled(Terminal.Style.FAINT, "# " + request.answer()));
    }
    if (some.size() < requests.size()) {
      terminal.print("  … and " + (requests.size() - some.size()) + " more");
    }
    if (requests.isEmpty()) {
      Verdict otherClasses = ServedClasses.finding(manifests, verdicts);
      terminal.print(
          "%s: http://%s:%d answers 404."
              .formatted(
                  otherClasses == null ? "No Ingress has a path" : otherClasses.message(),
                  target,
                  ports.http()));
    }
  }

  private void timed(List<String> lines) {
    String time = LocalTime.now(ZoneId.systemDefault()).format(TIME);
    terminal.print(
        terminal.styled(Terminal.Style.FAINT, time) + " " + String.join("\n         ", lines));
  }

  private void progress(String line) {
    terminal.report("isoline: " + Printable.line(line));
  }

  /** Ends the run when a signal ends the process. */
  public void interrupt() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    terminal.report("isoline: stopping");
    close();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      stopAll();
    }
  }

  @GuardedBy("this")
  private void stopAll() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
    if (envoy != null) {
      envoy.close();
      envoy = null;
    }
    if (credentials != null) {
      credentials.close();
      credentials = null;
    }
    if (engine != null) {
      engine.close();
      engine = null;
    }
    backends.close();
  }
}
