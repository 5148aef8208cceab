package io.isoline.controlplane.options;

import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.Settings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.tls.ServerCertificate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that say which Ingresses ingress-nginx serves: they are taken for ours. A flag beats
 * the configuration file, and the file beats what ingress-nginx is by default.
 */
public final class NginxOptions {

  private static final String CLASS = "nginx";
  private static final String CONTROLLER = "k8s.io/ingress-nginx";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "The configuration file of the Isoline that is to serve them, such as 'isoline migrate"
            + " config' prints. Default: all defaults."
      })
  private @Nullable Path config;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description =
          "The class of ingress-nginx, its option --ingress-class; may be given several times."
              + " Default: nginx.")
  private @Nullable List<String> classes;

  @Option(
      names = "--controller-name",
      paramLabel = "NAME",
      description =
          "spec.controller of its IngressClasses, its option --controller-class. Default:"
              + " k8s.io/ingress-nginx.")
  private @Nullable String controller;

  @Option(
      names = "--ingress-without-class",
      negatable = true,
      description = {
        "It serves Ingresses that name no class, too, its option --watch-ingress-without-class."
            + " Default for files: yes when they hold no IngressClass."
      })
  private @Nullable Boolean withoutClass;

  /** The settings under which the Ingresses of ingress-nginx are ours. */
  public SettingsOptions.Chosen read() throws Failure {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    Set<String> keys = Set.of();
    if (config != null) {
      ConfigurationFile.Loaded loaded = SettingsOptions.load(config, settings);
      settings = loaded.settings();
      keys = loaded.keys();
    }
    IngressSettings.Classes inFile = settings.ingress().classes();
    IngressSettings.Classes theirs =
        new IngressSettings.Classes(
            chosen(classes, keys, "ingressClass.names", inFile.names(), List.of(CLASS)),
            chosen(controller, keys, "ingressClass.controller", inFile.controller(), CONTROLLER),
            withoutClass == null ? inFile.withoutClass() : withoutClass,
            inFile.nginxNames());
    return new SettingsOptions.Chosen(
        settings.with(settings.ingress().with(theirs)),
        keys,
        withoutClass != null || keys.contains("ingressClass.withoutClass"));
  }

  private static <T> T chosen(
      @Nullable T flag, Set<String> keys, String key, T inFile, T otherwise) {
    if (flag != null) {
      return flag;
    }
    return keys.contains(key) ? inFile : otherwise;
  }
}
