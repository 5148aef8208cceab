package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Change;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the watcher does look by look, without its thread. */
class FileWatchTest {

  @TempDir Path temporary;
  private Path dir;
  private FileWatch watch;
  private long clock;

  @BeforeEach
  void open() throws IOException {
    dir = Files.createDirectory(temporary.resolve("manifests"));
    watch = new FileWatch(List.of(dir), new ManifestReader());
  }

  /** Writes a file with a time of its own, so that two writes differ on any file system. */
  private void write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + clock++ * 1000));
  }

  /** What two looks, enough for what is at rest, find. */
  private ManifestUpdate settled() {
    assertEquals(FileWatch.Look.SETTLING, watch.look());
    ManifestUpdate update = watch.look().update();
    assertNotNull(update);
    assertEquals(FileWatch.Look.QUIET, watch.look());
    return update;
  }

  private static List<String> changes(ManifestUpdate update) {
    return update.changes().stream()
        .map(
            change ->
                switch (change) {
                  case Change.Upsert upsert -> "+" + upsert.object().ref().path();
                  case Change.Delete delete -> "-" + delete.object().path();
                  case Change.Unreadable unreadable -> "?";
                  case Change.Configure configure -> "?";
                })
        .toList();
  }

  @Test
  void first_givesEverythingAndThenNothing() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    assertEquals(List.of("+default/a"), changes(watch.first()));
    assertEquals(FileWatch.Look.QUIET, watch.look());
  }

  @Test
  void edit_givesTheChangedObjectOnly() throws IOException {
    write("a.yaml", Reading.service("a", 80) + "---\n" + Reading.service("b", 80));
    write("c.yaml", Reading.service("c", 80));
    watch.first();
    write("a.yaml", Reading.service("a", 80) + "---\n" + Reading.service("b", 81));
    ManifestUpdate update = settled();
    assertEquals(List.of("+default/b"), changes(update));
    assertEquals(List.of(dir.resolve("a.yaml").toString()), update.files());
    assertEquals(3, update.manifests().objects().size());
  }

  @Test
  void comment_givesAnUpdateWithoutChangesAndNewPositions() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    write("a.yaml", "# one line more\n" + Reading.service("a", 80));
    ManifestUpdate update = settled();
    assertEquals(List.of(), update.changes());
    assertEquals(2, update.manifests().objects().getFirst().position().line());
  }

  @Test
  void fileThatKeepsChanging_isNotReadBeforeItRests() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    for (int i = 0; i < 3; i++) {
      write("a.yaml", "apiVersion: v1\nkind: [half " + i);
      assertEquals(FileWatch.Look.SETTLING, watch.look());
    }
    write("a.yaml", Reading.service("a", 81));
    assertEquals(List.of("+default/a"), changes(settled()));
  }

  @Test
  void fileThatNeverRests_doesNotHoldUpTheOthers() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    write("noisy.yaml", Reading.service("noisy", 80));
    watch.first();
    write("a.yaml", Reading.service("a", 81));
    ManifestUpdate update = null;
    for (int i = 0; update == null && i < 2 * FileWatch.MAX_UNSETTLED; i++) {
      write("noisy.yaml", Reading.service("noisy", 81 + i));
      update = watch.look().update();
    }
    assertNotNull(update);
    assertEquals(List.of("+default/a"), changes(update));
    assertEquals(List.of("+default/noisy"), changes(settledLater()));
  }

  private ManifestUpdate settledLater() {
    ManifestUpdate update = watch.look().update();
    while (update == null) {
      update = watch.look().update();
    }
    return update;
  }

  @Test
  void saveByRename_isSeenEvenWithTheSameTimeAndSize() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    FileTime time = Files.getLastModifiedTime(dir.resolve("a.yaml"));
    write(".a.swp", Reading.service("a", 81));
    Files.setLastModifiedTime(dir.resolve(".a.swp"), time);
    Files.move(dir.resolve(".a.swp"), dir.resolve("a.yaml"), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of("+default/a"), changes(settled()));
  }

  @Test
  void configMapSwap_isSeen() throws IOException {
    write("..1/a.yaml", Reading.service("a", 80));
    write("..2/a.yaml", Reading.service("a", 81));
    write("..2/b.yaml", Reading.service("b", 80));
    Files.createSymbolicLink(dir.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(dir.resolve("a.yaml"), Path.of("..data/a.yaml"));
    Files.createSymbolicLink(dir.resolve("b.yaml"), Path.of("..data/b.yaml"));
    assertEquals(List.of("+default/a"), changes(watch.first()));
    Files.createSymbolicLink(dir.resolve("..data_tmp"), Path.of("..2"));
    Files.move(
        dir.resolve("..data_tmp"), dir.resolve("..data"), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of("+default/a", "+default/b"), changes(settled()));
  }

  @Test
  void newDirectoryAndDeletedFile_areSeen() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    write("x/y/b.yaml", Reading.service("b", 80));
    Files.delete(dir.resolve("a.yaml"));
    ManifestUpdate update = settled();
    assertEquals(List.of("+default/b", "-default/a"), changes(update));
    assertEquals(2, update.files().size());
  }

  @Test
  void renamedFile_changesNothingThatIsRoutedBy() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    write("b.yaml", Reading.ingress("b", "b.example.com"));
    watch.first();
    Files.move(dir.resolve("b.yaml"), dir.resolve("c.yaml"));
    assertEquals(List.of(), settled().changes());
  }

  @Test
  void newDocumentBeforeOthers_leavesTheirRecordsAlone() throws IOException {
    write("b.yaml", Reading.ingress("b", "b.example.com"));
    write("c.yaml", Reading.ingress("c", "b.example.com"));
    watch.first();
    write("a.yaml", Reading.ingress("a", "b.example.com"));
    write(
        "b.yaml",
        Reading.ingress("b0", "b.example.com")
            + "---\n"
            + Reading.ingress("b", "b.example.com")
            + "---\n"
            + Reading.ingress("b1", "b.example.com"));
    ManifestUpdate update = settled();
    assertEquals(List.of("+default/a", "+default/b0", "+default/b1"), changes(update));
    List<ManifestObject> objects = update.manifests().objects();
    assertEquals(
        List.of("a", "b0", "b", "b1", "c"),
        objects.stream().map(object -> object.ref().name()).toList());
    for (int i = 1; i < objects.size(); i++) {
      assertTrue(objects.get(i - 1).ordinal() < objects.get(i).ordinal());
    }
  }

  @Test
  void syntaxError_keepsTheFormerObjectsOfTheFile() throws IOException {
    String good =
        Reading.service("a", 80)
            + "---\n"
            + Reading.service("b", 80)
            + "---\n"
            + Reading.service("c", 80);
    write("a.yaml", good);
    watch.first();
    write("a.yaml", Reading.service("a", 81) + "---\n{{ broken\n---\n" + Reading.service("c", 80));
    ManifestUpdate broken = settled();
    assertEquals(List.of("+default/a"), changes(broken));
    assertEquals(
        List.of("Service default/a", "Service default/b", "Service default/c"),
        Reading.names(broken.manifests()));
    Verdict verdict = Reading.only(broken.manifests(), Reason.Unreadable);
    assertTrue(verdict.message().contains("stay in service"), verdict.message());

    write("a.yaml", good);
    ManifestUpdate repaired = settled();
    assertEquals(List.of("+default/a"), changes(repaired));
    assertEquals(List.of(), repaired.manifests().verdicts());
  }

  @Test
  void refusedEdit_keepsTheLastGoodVersionAndPointsIntoTheEditedText() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    write("a.yaml", "# edited\n" + Reading.service("a", 80).replace("80", "eighty"));
    ManifestUpdate update = settled();
    assertEquals(List.of(), update.changes());
    Verdict verdict = Reading.only(update.manifests(), Reason.InvalidValue);
    assertTrue(verdict.message().contains("its last good version stays"), verdict.message());
    assertEquals("8:13", Reading.at(update.manifests(), verdict));
    assertEquals(
        8,
        java.util.Objects.requireNonNull(
                update.manifests().sources().locate(verdict.object(), "spec.ports[0].port"))
            .line());

    write("a.yaml", "");
    assertEquals(List.of("-default/a"), changes(settled()));
  }

  @Test
  void brokenFile_thatIsDeleted_takesItsObjectsWithIt() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    write("a.yaml", "{");
    assertEquals(List.of(), settled().changes());
    Files.delete(dir.resolve("a.yaml"));
    assertEquals(List.of("-default/a"), changes(settled()));
  }

  @Test
  void objectMovedToAnotherFile_winsOverTheOneThatIsKept() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    write("a.yaml", "{");
    write("b.yaml", Reading.service("a", 81));
    ManifestUpdate update = settled();
    assertEquals(List.of("+default/a"), changes(update));
    assertEquals(1, update.manifests().objects().size());
  }

  @Test
  void duplicate_takesOverWhenTheFirstIsDeleted() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    write("b.yaml", Reading.service("a", 81));
    Reading.only(watch.first().manifests(), Reason.Conflict);
    Files.delete(dir.resolve("a.yaml"));
    ManifestUpdate update = settled();
    assertEquals(List.of("+default/a"), changes(update));
    assertEquals(List.of(), update.manifests().verdicts());
  }

  @Test
  void directoryThatIsGone_keepsItsObjects() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    Files.move(dir, temporary.resolve("elsewhere"));
    ManifestUpdate gone = settled();
    assertEquals(List.of(), gone.changes());
    assertTrue(
        Reading.only(gone.manifests(), Reason.Unreadable).message().contains("stays in service"));
    assertEquals(1, gone.manifests().objects().size());
    Files.move(temporary.resolve("elsewhere"), dir);
    ManifestUpdate back = settled();
    assertEquals(List.of(), back.changes());
    assertEquals(List.of(), back.manifests().verdicts());
  }

  @Test
  void directoryThatIsEmptied_losesItsObjects() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    Files.delete(dir.resolve("a.yaml"));
    assertEquals(List.of("-default/a"), changes(settled()));
  }

  @Test
  void fileThatWasNamed_comesAndGoes() throws IOException {
    watch = new FileWatch(List.of(dir.resolve("a.yaml")), new ManifestReader());
    Reading.only(watch.first().manifests(), Reason.Unreadable);
    write("a.yaml", Reading.service("a", 80));
    assertEquals(List.of("+default/a"), changes(settled()));
    Files.delete(dir.resolve("a.yaml"));
    assertEquals(List.of("-default/a"), changes(settled()));
  }

  @Test
  void backToWhatItWas_beforeItRested_isNoUpdate() throws IOException {
    write("a.yaml", Reading.service("a", 80));
    watch.first();
    write("b.yaml", Reading.service("b", 80));
    assertEquals(FileWatch.Look.SETTLING, watch.look());
    Files.delete(dir.resolve("b.yaml"));
    assertNull(watch.look().update());
    assertEquals(FileWatch.Look.QUIET, watch.look());
  }
}
