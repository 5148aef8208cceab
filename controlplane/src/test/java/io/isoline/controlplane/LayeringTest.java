package io.isoline.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

@AnalyzeClasses(packages = "io.isoline", importOptions = ImportOption.DoNotIncludeTests.class)
final class LayeringTest {

  /** The classes of the line of commands, from the one that is typed down to what it prints on. */
  @ArchTest
  static final ArchRule commands_areLayered =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("commands")
          .definedBy("io.isoline.controlplane.cli")
          .layer("runs")
          .definedBy("io.isoline.controlplane.runs")
          .layer("migrate")
          .definedBy("io.isoline.controlplane.migrate..")
          .layer("offline")
          .definedBy("io.isoline.controlplane.offline")
          .layer("options")
          .definedBy("io.isoline.controlplane.options")
          .layer("terminal")
          .definedBy("io.isoline.controlplane.terminal")
          .whereLayer("commands")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("runs")
          .mayOnlyBeAccessedByLayers("commands")
          .whereLayer("migrate")
          .mayOnlyBeAccessedByLayers("commands")
          .whereLayer("offline")
          .mayOnlyBeAccessedByLayers("commands", "runs", "migrate")
          .whereLayer("options")
          .mayOnlyBeAccessedByLayers("commands", "runs", "migrate", "offline");

  @ArchTest
  static final ArchRule packages_haveNoCircles =
      slices().matching("io.isoline.controlplane.(*)..").should().beFreeOfCycles();

  /** {@code SecretBytes} has to write a Secret anew, so it alone knows what one is to Envoy. */
  @ArchTest
  static final ArchRule streamStateMachine_importsNoWireType =
      noClasses()
          .that()
          .resideInAPackage("io.isoline.controlplane.stream..")
          .and()
          .doNotHaveSimpleName("SecretBytes")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.grpc..",
              "io.netty..",
              "io.envoyproxy..",
              "io.isoline.controlplane.xds..",
              "io.isoline.controlplane.peers..");

  @ArchTest
  static final ArchRule streamStateMachine_knowsNoThreads =
      noClasses()
          .that()
          .resideInAPackage("io.isoline.controlplane.stream..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent..", "java.nio.file..", "java.net..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class, Clock.class);

  @ArchTest
  static final ArchRule translator_importsNothingOfTheProgram =
      noClasses()
          .that()
          .resideInAPackage("io.isoline.translator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.isoline.controlplane..", "io.isoline.envoy..", "io.grpc..");

  @ArchTest
  static final ArchRule envoyBootstrap_importsNeitherTranslatorNorProgram =
      noClasses()
          .that()
          .resideInAPackage("io.isoline.envoy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.isoline.controlplane..", "io.isoline.translator..");

  @ArchTest
  static final ArchRule sources_knowNothingOfServing =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..manifest..",
              "..config..",
              "..xds..",
              "..stream..",
              "..peers..",
              "..engine..",
              "..admin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..controlplane.cli..",
              "..controlplane.runs..",
              "..controlplane.offline..",
              "..controlplane.options..",
              "..controlplane.terminal..",
              "..controlplane.local..");

  @ArchTest
  static final ArchRule whatServes_doesNotWaitForWhatIsWrittenBack =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..kubernetes..",
              "..engine..",
              "..xds..",
              "..stream..",
              "..peers..",
              "..translator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..controlplane.status..", "..controlplane.replicas..");
}
