package io.isoline.translator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
final class LayeringTest {

  private static final String ROOT = "io.isoline.translator";
  private static final String ENVOY_PROTOS = "io.envoyproxy.envoy..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static final Set<String> IO_EXCEPTIONS =
      Set.of(IOException.class.getName(), UncheckedIOException.class.getName());

  private static final DescribedPredicate<JavaClass> FILES =
      describe(
          "files and streams",
          type ->
              type.getPackageName().startsWith("java.nio.file")
                  || (type.getPackageName().equals("java.io")
                      && !type.getName().equals("java.io.Serializable")
                      && !type.getName().equals("java.io.ByteArrayInputStream")
                      && !type.getName().equals("java.io.InputStream")
                      && !IO_EXCEPTIONS.contains(type.getName())));

  @Test
  void translator_importsOnlyTheJdkProtosTheKubernetesModelAndEllipticCurves() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "java..",
            "javax.crypto..",
            "javax.security..",
            "com.google.protobuf..",
            ENVOY_PROTOS,
            "com.github.xds..",
            "io.fabric8.kubernetes.api.model..",
            // Arithmetic on curves and nothing else of it.
            "org.bouncycastle.asn1.x9..",
            "org.bouncycastle.crypto.ec..",
            "org.bouncycastle.math.ec..",
            "org.jspecify.annotations..")
        .check(CLASSES);
  }

  @Test
  void translator_knowsNoFilesNetworkThreadsOrClock() {
    noClasses().should().dependOnClassesThat(FILES).check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", "java.util.concurrent..", "java.nio.channels..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class, Thread.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .check(CLASSES);
  }

  @Test
  void readersOfKubernetes_seeNoProtos() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".ingress..", ROOT + ".backend..", ROOT + ".model..", ROOT + ".tls..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ENVOY_PROTOS, ROOT + ".envoy..")
        .check(CLASSES);
  }

  @Test
  void writerOfProtos_seesNoIngress() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".envoy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".ingress..", ROOT + ".backend..", ROOT + ".kube..", "io.fabric8..")
        .check(CLASSES);
  }

  @Test
  void writerOfProtos_seesFinalValuesAndNoSettings() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".envoy..", ROOT + ".model..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".settings..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Settings.class)
        .check(CLASSES);
  }

  @Test
  void model_knowsNeitherSideOfIt() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".ingress..", ROOT + ".backend..", ROOT + ".kube..", ROOT + ".envoy..", "io.fabric8..")
        .check(CLASSES);
  }

  @Test
  void derivation_knowsNothingOfWhatIsDerived() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".derive..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + ".derive..", "java..", "org.jspecify.annotations..")
        .check(CLASSES);
  }

  @Test
  void kubernetesModel_isReadByTheProjectionAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".kube..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(CLASSES);
  }
}
