package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {

  @TempDir Path dir;

  private void write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Manifests read() {
    return new ManifestReader().read(List.of(dir));
  }

  @Test
  void directory_readInOrderOfNamesAndWithoutWhatEditorsLeave() throws IOException {
    write("b.yml", Reading.service("b", 80));
    write("a/z.yaml", Reading.service("az", 80));
    write("a.json", "{apiVersion: v1, kind: Service, metadata: {name: a}}");
    write("c.yaml", Reading.service("c", 80));
    write(".hidden.yaml", Reading.service("hidden", 80));
    write(".git/x.yaml", Reading.service("git", 80));
    write("c.yaml~", Reading.service("backup", 80));
    write("#c.yaml", Reading.service("autosave", 80));
    write("notes.txt", "no YAML: [");
    var manifests = read();
    assertEquals(
        List.of(
            "Service default/az", "Service default/a", "Service default/b", "Service default/c"),
        Reading.names(manifests));
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(dir.resolve("a/z.yaml").toString(), manifests.files().getFirst());
  }

  @Test
  void directory_filesOfASubdirectoryStayTogether() throws IOException {
    write("a/x.yaml", Reading.service("ax", 80));
    write("a-b.yaml", Reading.service("a-b", 80));
    write("a.yaml", Reading.service("a", 80));
    write("a/b/x.yaml", Reading.service("abx", 80));
    assertEquals(
        List.of("abx", "ax", "a-b", "a"),
        read().objects().stream().map(object -> object.ref().name()).toList());
  }

  @Test
  void ordinals_followTheOrderOfTheFiles() throws IOException {
    write("b.yaml", Reading.ingress("a", "a.example.com"));
    write(
        "a.yaml",
        Reading.ingress("z", "a.example.com") + "---\n" + Reading.ingress("x", "a.example.com"));
    List<ManifestObject> objects = read().objects();
    assertEquals(
        List.of("z", "x", "a"), objects.stream().map(object -> object.ref().name()).toList());
    assertTrue(objects.get(0).ordinal() < objects.get(1).ordinal());
    assertTrue(objects.get(1).ordinal() < objects.get(2).ordinal());
  }

  @Test
  void configMapVolume_readOnce() throws IOException {
    write("..2026_11_21/a.yaml", Reading.service("a", 80));
    Files.createSymbolicLink(dir.resolve("..data"), Path.of("..2026_11_21"));
    Files.createSymbolicLink(dir.resolve("a.yaml"), Path.of("..data/a.yaml"));
    var manifests = read();
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(dir.resolve("a.yaml").toString(), manifests.objects().getFirst().file());
  }

  @Test
  void linksInALoopAndToNothing_areHarmless() throws IOException {
    write("sub/a.yaml", Reading.service("a", 80));
    Files.createSymbolicLink(dir.resolve("sub/loop"), dir);
    Files.createSymbolicLink(dir.resolve("twice"), dir.resolve("sub"));
    Files.createSymbolicLink(dir.resolve("gone.yaml"), dir.resolve("nothing"));
    var manifests = read();
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
    assertEquals(List.of(), manifests.verdicts());
  }

  @Test
  void fileNamedTwice_readOnce() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    Path file = dir.resolve("a.yaml");
    var manifests = new ManifestReader().read(List.of(file, dir, file));
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(1, manifests.files().size());
  }

  @Test
  void fileNamedOnTheCommandLine_mayHaveAnyName() throws IOException {
    write("ingress.txt", Reading.service("a", 80));
    var manifests = new ManifestReader().read(List.of(dir.resolve("ingress.txt")));
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
  }

  @Test
  void standardInput_read() {
    InputStream stdin =
        new ByteArrayInputStream(Reading.service("Bad", 80).getBytes(StandardCharsets.UTF_8));
    var manifests = new ManifestReader(1000, stdin).read(List.of(Path.of("-")));
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals("<stdin>:4:9", String.valueOf(manifests.sources().locate(verdict)));
  }

  @Test
  void missingPath_isAVerdict() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    var manifests = new ManifestReader().read(List.of(dir.resolve("nothing"), dir));
    assertEquals(
        dir.resolve("nothing").toString(),
        Reading.only(manifests, Reason.Unreadable).object().name());
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
  }

  @Test
  void emptyDirectory_isAVerdict() {
    assertTrue(Reading.only(read(), Reason.Unreadable).message().contains("holds no file"));
  }

  @Test
  void largeFile_refused() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    write("b.yaml", "#".repeat(1001));
    var manifests = new ManifestReader(1000, InputStream.nullInputStream()).read(List.of(dir));
    assertEquals("is larger than 1000 bytes", Reading.only(manifests, Reason.Unreadable).message());
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
  }

  @Test
  void encodings_utf8WithMarkIsReadAndOthersAreRefused() throws IOException {
    write("a.yaml", "\uFEFF" + Reading.service("a", 80));
    Files.writeString(
        dir.resolve("b.yaml"), "\uFEFF" + Reading.service("b", 80), StandardCharsets.UTF_16LE);
    Files.write(dir.resolve("c.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE4});
    var manifests = read();
    assertEquals(List.of("Service default/a"), Reading.names(manifests));
    assertEquals(
        List.of("is UTF-16 text, but must be UTF-8", "is not text in UTF-8"),
        manifests.verdicts().stream().map(Verdict::message).toList());
  }

  @Test
  void lists_itemsAreObjectsOfTheirOwn() {
    var manifests =
        Reading.of(
            """
            apiVersion: v1
            kind: List
            items:
              - {apiVersion: v1, kind: Service, metadata: {name: a}}
              - {apiVersion: v1, kind: Service, metadata: {name: B}}
              - apiVersion: networking.k8s.io/v1
                kind: IngressList
                metadata: {}
                items:
                  - metadata: {name: c}
                    spek: {}
              - {apiVersion: v1, kind: Pod, metadata: {name: d}}
              - {}
            """);
    assertEquals(List.of("Service default/a", "Ingress default/c"), Reading.names(manifests));
    assertEquals("document[0].items[2].items[0]", manifests.objects().getLast().document());
    assertEquals("11:9", Reading.at(manifests, Reading.only(manifests, Reason.UnknownField)));
    assertEquals(4, manifests.verdicts().size());
    assertEquals("document[0].items[4]", manifests.verdicts().getLast().field());
    assertEquals("13:5", Reading.at(manifests, manifests.verdicts().getLast()));
  }

  @Test
  void deployment_keptAsWorkload() {
    var manifests =
        Reading.of(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 3
              template:
                metadata: {labels: {app: web, tier: front}}
                spec:
                  containers:
                    - name: main
                      ports: [{name: http, containerPort: 8080}, {containerPort: 9090, protocol: UDP}]
                    - name: side
            """);
    Workload workload = manifests.workloads().getFirst();
    assertEquals(new ObjectRef(Kind.of("Deployment"), "shop", "web"), workload.ref());
    assertEquals(3, workload.replicas());
    assertEquals(
        List.of(
            new Workload.ContainerPort("http", 8080, "TCP"),
            new Workload.ContainerPort("", 9090, "UDP")),
        workload.ports());
    assertTrue(workload.selectedBy(Map.of("app", "web")));
    assertTrue(!workload.selectedBy(Map.of("app", "other")) && !workload.selectedBy(Map.of()));
    assertEquals(workload.ref(), Reading.only(manifests, Reason.IgnoredKind).object());
  }

  @Test
  void deployment_withNonsense_isForgiven() {
    var manifests =
        Reading.of(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {replicas: many, template: [1]}
            """);
    assertEquals(1, manifests.workloads().getFirst().replicas());
    assertEquals(List.of(), manifests.workloads().getFirst().ports());
  }
}
