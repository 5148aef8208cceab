package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.FileContents.Finding;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Kubernetes objects from files and directories.
 *
 * <p>A path is a file, or a directory of which all {@code .yaml}, {@code .yml} and {@code .json}
 * files are read, the ones in directories below as well; {@code -} is standard input. Files hold
 * any number of documents, and a document may be a List. One bad document or object never affects
 * another: it gets a verdict and the rest is read.
 *
 * <p>Safe for use by several threads, save that standard input can be read once.
 */
public final class ManifestReader {

  /** The largest file that is read, in bytes. */
  public static final int MAX_FILE_BYTES = 64 << 20;

  private final FileReader files;
  private final InputStream stdin;

  public ManifestReader() {
    this(ReadingListener.NONE);
  }

  /**
   * A reader that tells how far it has come.
   *
   * @param listener called by whoever reads, several times for each file
   */
  public ManifestReader(ReadingListener listener) {
    this(MAX_FILE_BYTES, System.in, listener);
  }

  ManifestReader(int maxFileBytes, InputStream stdin) {
    this(maxFileBytes, stdin, ReadingListener.NONE);
  }

  private ManifestReader(int maxFileBytes, InputStream stdin, ReadingListener listener) {
    this.files = new FileReader(maxFileBytes, listener);
    this.stdin = stdin;
  }

  /**
   * Reads all files once. Never throws for what is in them: a path that does not exist is a verdict
   * of {@code File} as well.
   *
   * @param paths in the order in which they count when two documents name the same object
   */
  public Manifests read(List<Path> paths) {
    var tree = new FileTree(paths);
    FileTree.Listing listing = tree.list();
    List<Finding> faults =
        listing.faults().stream().map(fault -> FileContents.fault(fault, "")).toList();
    List<FileContents> contents = new ArrayList<>();
    for (Path file : tree.ordered(listing)) {
      contents.add(file(file));
    }
    return new Catalogue().combine(faults, contents);
  }

  /**
   * Reads a text.
   *
   * @param name for messages
   */
  public Manifests readText(String name, String text) {
    return new Catalogue().combine(List.of(), List.of(FileContents.read(name, text, ReadingListener.NONE)));
  }

  FileContents file(Path path) {
    return files.read(path, stdin);
  }
}
