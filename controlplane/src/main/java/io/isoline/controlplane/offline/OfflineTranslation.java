package io.isoline.controlplane.offline;

import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.ReadingProgress;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Words;
import io.isoline.translator.Change;
import io.isoline.translator.Resource;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.settings.IngressSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Manifests and what they come to, without a cluster or an Envoy.
 *
 * @param manifests what the files hold
 * @param resources what Envoy would get, by type and name
 * @param verdicts of the reader and of the translation, in the order of the files
 * @param withoutClass whether there are Ingresses that name no class, which were taken as ours
 *     because the files hold no IngressClass
 */
public record OfflineTranslation(
    Manifests manifests, List<Resource> resources, List<Verdict> verdicts, boolean withoutClass) {

  public OfflineTranslation {
    resources = List.copyOf(resources);
    verdicts = List.copyOf(verdicts);
  }

  /**
   * Reads and translates.
   *
   * @param strict whether what an Ingress refers to has to be in the files
   * @param terminal is shown how far it is
   */
  public static OfflineTranslation of(
      List<Path> paths, SettingsOptions options, boolean strict, Clock clock, Terminal terminal)
      throws Failure {
    ManifestOptions.requireExisting(paths);
    SettingsOptions.Chosen chosen = options.read();
    try (ReadingProgress progress = new ReadingProgress(terminal)) {
      Manifests manifests = new ManifestReader(progress).read(paths);
      progress.next("translating " + Words.count(manifests.objects().size(), "object"));
      return of(manifests, chosen, strict, clock);
    }
  }

  /**
   * Translates.
   *
   * @param strict whether what an Ingress refers to has to be in the files
   */
  public static OfflineTranslation of(
      Manifests manifests, SettingsOptions.Chosen chosen, boolean strict, Clock clock) {
    Settings settings = settingsFor(manifests, chosen);
    List<Change> changes = new ArrayList<>();
    for (ManifestObject object : manifests.objects()) {
      changes.add(new Change.Upsert(object.projection()));
    }
    Update update = new Translator(settings).apply(changes, clock.instant());
    if (!update.defects().isEmpty()) {
      throw update.defects().getFirst().cause(); // Whoever runs a command is there to report it.
    }
    List<Resource> resources = new ArrayList<>(update.changed());
    resources.sort(Comparator.comparing(Resource::key));
    List<Verdict> verdicts = new ArrayList<>(manifests.verdicts());
    FileScope scope = new FileScope(manifests, strict);
    update.verdicts().forEach((object, of) -> verdicts.addAll(scope.told(object, of)));
    verdicts.addAll(scope.ofFiles());
    Verdict otherClasses = ServedClasses.finding(manifests, update.verdicts());
    if (otherClasses != null) {
      verdicts.add(otherClasses);
    }
    return new OfflineTranslation(
        manifests,
        resources,
        verdicts,
        settings.ingress().classes().withoutClass()
            && !chosen.withoutClassChosen()
            && ServedClasses.isOneWithoutClass(manifests));
  }

  /**
   * The settings for objects that come from files: where nobody chose otherwise, and no file holds
   * an IngressClass, Ingresses without a class are ours, as there is nobody else.
   */
  public static Settings settingsFor(Manifests manifests, SettingsOptions.Chosen chosen) {
    Settings settings = chosen.settings();
    if (chosen.withoutClassChosen() || !holdsNoClass(manifests)) {
      return settings;
    }
    IngressSettings.Classes classes = settings.ingress().classes();
    return settings.with(
        settings
            .ingress()
            .with(classes.with(true)));
  }

  static boolean holdsNoClass(Manifests manifests) {
    return manifests.objects().stream()
        .noneMatch(object -> object.projection() instanceof IngressClassRecord);
  }
}
