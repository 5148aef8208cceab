package io.isoline.controlplane.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file's bytes as text and hands the text on. */
final class FileReader {

  private static final String STDIN = "<stdin>";

  private final int maxBytes;
  private final ReadingListener listener;

  FileReader(int maxBytes, ReadingListener listener) {
    this.maxBytes = maxBytes;
    this.listener = listener;
  }

  /** The name of a file in messages. */
  static String name(Path path) {
    return path.equals(FileTree.STDIN) ? STDIN : path.toString();
  }

  /** Reads a file; whatever goes wrong becomes a verdict. */
  FileContents read(Path path, InputStream stdin) {
    String name = name(path);
    try {
      if (path.equals(FileTree.STDIN)) {
        return decode(name, stdin.readNBytes(maxBytes + 1));
      }
      try (InputStream in = Files.newInputStream(path)) {
        return decode(name, in.readNBytes(maxBytes + 1));
      }
    } catch (NoSuchFileException e) {
      return FileContents.unreadable(name, "does not exist", "check the path");
    } catch (AccessDeniedException e) {
      return FileContents.unreadable(
          name, "cannot be read: permission denied", "check its permissions");
    } catch (IOException e) {
      return FileContents.unreadable(name, "cannot be read: " + e.getMessage(), "");
    }
  }

  private FileContents decode(String name, byte[] bytes) {
    if (bytes.length > maxBytes) {
      return FileContents.unreadable(
          name,
          "is larger than " + size(maxBytes),
          "split it; Kubernetes itself takes no object of more than 1.5 MiB");
    }
    boolean utf16 =
        bytes.length > 1
            && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
    boolean mark =
        bytes.length > 2
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    int from = mark ? 3 : 0;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
              .toString();
      return FileContents.read(name, text, listener);
    } catch (CharacterCodingException e) {
      return FileContents.unreadable(
          name,
          utf16 ? "is UTF-16 text, but must be UTF-8" : "is not text in UTF-8",
          "save it as UTF-8");
    }
  }

  private static String size(int bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }
}
