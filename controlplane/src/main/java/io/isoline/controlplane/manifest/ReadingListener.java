package io.isoline.controlplane.manifest;

/** Hears how far the reading of manifests has come. Called by the thread that reads. */
@FunctionalInterface
public interface ReadingListener {

  /** Hears nothing. */
  ReadingListener NONE = (file, done, total) -> {};

  /**
   * A part of a file was read.
   *
   * @param file its name for messages
   * @param done characters that were read
   * @param total all characters of the file
   */
  void reading(String file, long done, long total);
}
