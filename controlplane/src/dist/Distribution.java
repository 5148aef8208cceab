import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes the distribution, in the package phase: the jars, a Java runtime that has just the modules
 * they need, the start script and an ahead-of-time cache. The build runs it from source with the
 * {@code java} of the JDK that it compiles with, whose {@code jlink} makes the runtime.
 *
 * <p>What is there and right is left alone, so that a second build costs next to nothing: the
 * runtime is made anew for another JDK or other modules, the cache when any other file changed.
 *
 * <p>Arguments: the source directory of the start script, the distribution's directory, the jar of
 * the program, the file with the class path of its dependencies.
 */
final class Distribution {

  /**
   * What {@code jdeps --print-module-deps} lists, and those that are looked up at run time: the
   * HTTP server of sample backends, and what {@code jcmd} and JFR need to look inside.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.desktop",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported");

  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

  private final Path directory;
  private final Path library;
  private final Path runtime;
  private final Path cache;

  private Distribution(Path directory) {
    this.directory = directory;
    this.library = directory.resolve("lib");
    this.runtime = directory.resolve("runtime");
    this.cache = library.resolve("isoline.aot");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path sources = Path.of(args[0]);
    Distribution distribution = new Distribution(Path.of(args[1]).toAbsolutePath());
    List<Path> dependencies = new ArrayList<>();
    for (String entry : Files.readString(Path.of(args[3])).strip().split(File.pathSeparator)) {
      dependencies.add(Path.of(entry));
    }
    boolean changed = distribution.makeRuntime();
    changed |= distribution.copyLibrary(Path.of(args[2]), dependencies);
    changed |= copy(sources.resolve("java.options"), distribution.directory.resolve("java.options"));
    changed |= distribution.copyScript(sources.resolve("bin/isoline"));
    if (changed || !Files.exists(distribution.cache)) {
      distribution.makeCache();
    }
    // The launcher compares the sources with the time of this file.
    Files.writeString(distribution.directory.resolve("built"), "");
  }

  private boolean makeRuntime() throws IOException {
    Path stamp = directory.resolve("runtime.made-from");
    String wanted =
        System.getProperty("java.home")
            + "\n"
            + System.getProperty("java.vm.version")
            + "\n"
            + String.join(",", MODULES)
            + "\n";
    if (Files.exists(runtime.resolve("bin/java"))
        && Files.exists(stamp)
        && Files.readString(stamp).equals(wanted)) {
      return false;
    }
    Files.createDirectories(directory);
    Files.deleteIfExists(stamp);
    deleteTree(runtime);
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        System.getProperty("java.home")
                            + " has no jlink: install a complete JDK, not a JRE"));
    int status =
        jlink.run(
            new PrintWriter(System.out, true),
            new PrintWriter(System.err, true),
            "--add-modules",
            String.join(",", MODULES),
            "--output",
            runtime.toString(),
            "--strip-java-debug-attributes",
            "--no-man-pages",
            "--no-header-files",
            "--compress",
            "zip-6");
    if (status != 0) {
      throw new IllegalStateException("jlink of " + System.getProperty("java.home") + " failed");
    }
    Files.writeString(stamp, wanted);
    return true;
  }

  private boolean copyLibrary(Path program, List<Path> dependencies) throws IOException {
    Files.createDirectories(library);
    Map<String, Path> wanted = new LinkedHashMap<>();
    wanted.put("isoline.jar", program);
    for (Path jar : dependencies) {
      Path other = wanted.put(jar.getFileName().toString(), jar);
      if (other != null) {
        throw new IllegalStateException("two jars of one name: " + other + " and " + jar);
      }
    }
    boolean changed = false;
    try (Stream<Path> present = Files.list(library)) {
      for (Path file : present.toList()) {
        if (!file.equals(cache) && !wanted.containsKey(file.getFileName().toString())) {
          Files.delete(file);
          changed = true;
        }
      }
    }
    for (Map.Entry<String, Path> entry : wanted.entrySet()) {
      Path target = library.resolve(entry.getKey());
      List<String> signatures = signatures(entry.getValue());
      changed |=
          signatures.isEmpty()
              ? copy(entry.getValue(), target)
              : copyWithout(signatures, entry.getValue(), target);
    }
    return changed;
  }

  /** The names of the entries by which a jar is signed. */
  private static List<String> signatures(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(ZipEntry::getName).filter(SIGNATURE.asMatchPredicate()).toList();
    }
  }

  /**
   * Copies a jar as one that is not signed. Classes of signed jars cannot be in the cache, and each
   * start would check the signature of each of them.
   */
  private static boolean copyWithout(List<String> entries, Path source, Path target)
      throws IOException {
    Path unsigned = Files.createTempFile("isoline", ".jar");
    try {
      Files.copy(source, unsigned, StandardCopyOption.REPLACE_EXISTING);
      try (FileSystem files = FileSystems.newFileSystem(unsigned)) {
        for (String entry : entries) {
          Files.delete(files.getPath(entry));
        }
      }
      return copy(unsigned, target);
    } finally {
      Files.delete(unsigned);
    }
  }

  private boolean copyScript(Path script) throws IOException {
    Path target = directory.resolve("bin/isoline");
    Files.createDirectories(target.getParent());
    boolean changed = copy(script, target);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    return changed;
  }

  /**
   * A cache of loaded and linked classes, learned from one run of the program. Only the start is
   * slower without it, so that a failure is a line of the log and no more.
   */
  private void makeCache() throws IOException, InterruptedException {
    Files.deleteIfExists(cache);
    ProcessBuilder training =
        new ProcessBuilder(directory.resolve("bin/isoline").toString(), "warm-up");
    // A relative name: the options are split at spaces, which the directory may have.
    training.directory(directory.toFile());
    training.environment().put("ISOLINE_JAVA_OPTS", "-XX:AOTCacheOutput=lib/isoline.aot");
    training.environment().put("JDK_AOT_VM_OPTIONS", "-Xlog:disable -Xlog:all=error:stderr");
    Path log = directory.resolveSibling("warm-up.log");
    training.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = training.start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() != 0 || !Files.exists(cache)) {
      Files.deleteIfExists(cache);
      System.out.println("No ahead-of-time cache, Isoline starts slower: see " + log);
    }
  }

  private static boolean copy(Path source, Path target) throws IOException {
    if (Files.exists(target) && Files.mismatch(source, target) < 0) {
      return false;
    }
    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
