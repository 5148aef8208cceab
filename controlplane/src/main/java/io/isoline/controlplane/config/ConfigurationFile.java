package io.isoline.controlplane.config;

import com.google.protobuf.ByteString;
import io.isoline.translator.Settings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The operator's configuration file: YAML that sets any part of {@link Settings} but the default
 * certificate. It is read strictly: an unknown key, a value of the wrong type or out of its range
 * is a problem, and all problems are told at once.
 *
 * <p>What wins over what is the caller's order: read the file on top of the defaults, then put the
 * flags of the command line on top of what came out.
 */
public final class ConfigurationFile {

  private static final long MAX_BYTES = 1 << 20;

  private ConfigurationFile() {}

  /** What became of reading a file: settings or problems, never both. */
  public sealed interface Reading {}

  /**
   * The file is good.
   *
   * @param settings the base with what the file sets
   * @param keys what the file sets, by path: {@code http.port}, {@code hsts}; a section that can be
   *     off is itself a key when the file mentions it
   */
  public record Loaded(Settings settings, Set<String> keys) implements Reading {
    public Loaded {
      keys = Set.copyOf(keys);
    }
  }

  /**
   * The file is bad, and nothing of it should be used.
   *
   * @param problems one at least, in the order of the file
   */
  public record Rejected(List<Problem> problems) implements Reading {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads a file. Throws nothing, whatever its content.
   *
   * @param base what holds for the keys that the file leaves out; the certificate comes from it
   */
  public static Reading read(Path file, Settings base) {
    try {
      if (Files.isDirectory(file)) {
        return unreadable(file, "is a directory, not a file");
      }
      if (Files.size(file) > MAX_BYTES) {
        return unreadable(file, "is longer than 1MiB: is it the right file?");
      }
      return read(Files.readString(file, StandardCharsets.UTF_8), file.toString(), base);
    } catch (NoSuchFileException e) {
      return unreadable(file, "does not exist");
    } catch (CharacterCodingException e) {
      return unreadable(file, "is not text in UTF-8");
    } catch (IOException e) {
      return unreadable(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static Reading unreadable(Path file, String why) {
    return new Rejected(
        List.of(new Problem(file.toString(), 0, 0, "the configuration file " + why)));
  }

  /**
   * Reads the text of a file. Throws nothing, whatever its content.
   *
   * @param name what problems call the file
   */
  public static Reading read(String text, String name, Settings base) {
    return new ConfigurationReader(name, base).read(text);
  }

  /** A file that sets everything to its default, each key with a comment. */
  public static String defaults() {
    return print(Settings.defaults(ByteString.EMPTY, ByteString.EMPTY));
  }

  /**
   * Writes a file that sets everything but the default certificate to these settings, each key with
   * a comment. It gives the same settings on any base.
   */
  public static String print(Settings settings) {
    return ConfigurationPrinter.print(settings);
  }

  /** The paths of all keys that a file can set. */
  public static Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    SettingsFields.fields().forEach(field -> keys.add(field.path()));
    SettingsFields.optionalSections().forEach(section -> keys.add(section.name()));
    return keys;
  }
}
