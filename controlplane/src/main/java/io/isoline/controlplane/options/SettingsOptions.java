package io.isoline.controlplane.options;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.config.Problem;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.Settings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that make {@link Settings}: a flag beats the configuration file, and the file beats
 * what the command sets by itself.
 */
public final class SettingsOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration file; 'isoline config' prints one with all defaults.")
  private @Nullable Path config;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "A class name that is ours; may be given several times. Default: isoline.")
  private @Nullable List<String> classes;

  @Option(
      names = "--controller-name",
      paramLabel = "NAME",
      description =
          "Our spec.controller in IngressClasses. Default: isoline.io/ingress-controller.")
  private @Nullable String controller;

  @Option(
      names = "--ingress-without-class",
      negatable = true,
      description = {
        "Ingresses that name no class are ours, too. Default for files: yes when they hold no"
            + " IngressClass."
      })
  private @Nullable Boolean withoutClass;

  @Option(
      names = "--allow-external-name",
      negatable = true,
      description = "Send requests to the DNS names of ExternalName Services.")
  private @Nullable Boolean allowExternalName;

  @Option(
      names = "--trusted-hops",
      paramLabel = "N",
      description = "This many proxies in front may set X-Forwarded headers. Default: 0.")
  private @Nullable Integer trustedHops;

  @Option(
      names = "--default-certificate",
      paramLabel = "CRT",
      description = "Served where no Ingress gives a certificate: a chain in PEM.")
  private @Nullable Path certificate;

  @Option(
      names = "--default-key",
      paramLabel = "KEY",
      description = "The key of --default-certificate in PEM.")
  private @Nullable Path key;

  private @Nullable Path stateDirectory;
  private ServerCertificate.@Nullable Valid selfSigned;

  /** What is made of the options: the settings, and which of them somebody chose. */
  public record Chosen(Settings settings, Set<String> keys, boolean withoutClassChosen) {

    public boolean has(String key) {
      return keys.contains(key);
    }
  }

  /** The files that the options name: when one changes, {@link #read} may say something else. */
  public List<Path> files() {
    return Stream.of(config, certificate, key).filter(Objects::nonNull).toList();
  }

  /** Reads the files that the options name, anew at each call. */
  public Chosen read() throws Failure {
    Settings settings = withCertificate();
    Set<String> keys = Set.of();
    if (config != null) {
      ConfigurationFile.Loaded loaded = load(config, settings);
      settings = loaded.settings();
      keys = loaded.keys();
    }
    if (trustedHops != null && (trustedHops < 0 || trustedHops > 100)) {
      throw new Failure("--trusted-hops: expected a number from 0 to 100, not " + trustedHops);
    }
    boolean withoutClassChosen =
        withoutClass != null || keys.contains("ingressClass.withoutClass");
    return new Chosen(flags(settings), keys, withoutClassChosen);
  }

  /**
   * Reads the file of {@code --config}.
   *
   * @param base what holds for the keys that the file leaves out
   */
  static ConfigurationFile.Loaded load(Path config, Settings base) throws Failure {
    return switch (ConfigurationFile.read(config, base)) {
      case ConfigurationFile.Loaded loaded -> loaded;
      case ConfigurationFile.Rejected rejected ->
          throw new Failure(
              rejected.problems().stream()
                  .map(Problem::toString)
                  .collect(Collectors.joining("\n  ", "--config:\n  ", "")));
    };
  }

  private Settings flags(Settings settings) {
    IngressSettings.Classes was = settings.ingress().classes();
    IngressSettings.Classes now =
        new IngressSettings.Classes(
            classes == null ? was.names() : classes,
            controller == null ? was.controller() : controller,
            withoutClass == null ? was.withoutClass() : withoutClass,
            was.nginxNames());
    Settings chosen = settings.with(settings.ingress().with(now));
    if (trustedHops != null) {
      chosen = chosen.with(chosen.http().withTrustedHops(trustedHops));
    }
    if (allowExternalName != null) {
      chosen = chosen.with(chosen.services().allowingExternalName(allowExternalName));
    }
    return chosen;
  }

  /** The defaults with the certificate, which stays the same at each call but for its files. */
  private Settings withCertificate() throws Failure {
    if (certificate == null && key == null) {
      if (selfSigned == null) {
        selfSigned = makeCertificate();
      }
      return Settings.defaults(selfSigned.chain(), selfSigned.key());
    }
    if (certificate == null || key == null) {
      throw new Failure("--default-certificate and --default-key need each other");
    }
    return switch (DefaultCertificate.load(certificate, key, Instant.now())) {
      case ServerCertificate.Valid valid -> Settings.defaults(valid.chain(), valid.key());
      case ServerCertificate.Invalid invalid ->
          throw new Failure(
              "--default-certificate: " + invalid.message() + "\n  fix: " + invalid.fix());
    };
  }

  /** From now on, a certificate that is made here stays in this directory; null keeps it nowhere. */
  public void keepCertificateIn(@Nullable Path directory) {
    stateDirectory = directory;
  }

  private ServerCertificate.Valid makeCertificate() throws Failure {
    if (stateDirectory == null) {
      return DefaultCertificate.create(Instant.now());
    }
    try {
      return DefaultCertificate.loadOrCreate(stateDirectory, Instant.now());
    } catch (IOException e) {
      throw new Failure(
          "--state-directory: the default certificate cannot be kept in %s: %s"
              .formatted(stateDirectory, e.getMessage()),
          e);
    }
  }

  /** The chain that was made here; null when the user gave one, or before the first reading. */
  public @Nullable ByteString selfSignedChain() {
    return selfSigned == null ? null : selfSigned.chain();
  }
}
