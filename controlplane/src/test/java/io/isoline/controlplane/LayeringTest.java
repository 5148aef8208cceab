package io.isoline.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.isoline", importOptions = ImportOption.DoNotIncludeTests.class)
final class LayeringTest {

  @ArchTest
  static final ArchRule streamStateMachine_importsNoWireType =
      noClasses()
          .that()
          .haveNameMatching(
              ".*\\.xds\\.(Ads(Stream|Request|Response)|TypeState|PushOrder|Subscriptions|Holdings"
                  + "|Bisection|LastGood|ResourceStore)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.envoyproxy..");

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
          .resideInAnyPackage("..manifest..", "..config..", "..xds..", "..engine..", "..admin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..controlplane.cli..", "..controlplane.local..");

  @ArchTest
  static final ArchRule whatServes_doesNotWaitForWhatIsWrittenBack =
      noClasses()
          .that()
          .resideInAnyPackage("..kubernetes..", "..engine..", "..xds..", "..translator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..controlplane.status..", "..controlplane.replicas..");
}
