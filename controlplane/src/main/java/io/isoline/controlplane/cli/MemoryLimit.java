package io.isoline.controlplane.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the memory limit of a container, and how much of it Envoy's heap may take.
 *
 * <p>The kernel kills a process that reaches its limit, with all its connections. Envoy counts its
 * heap alone, so a tenth is left for its code, its stacks, and what it takes between two
 * measurements.
 */
final class MemoryLimit {

  private static final Path MACHINE = Path.of("/proc/meminfo");
  private static final Pattern TOTAL = Pattern.compile("MemTotal: +([0-9]+) kB");

  private MemoryLimit() {}

  /** The bytes that Envoy's heap may take, for a given limit of its container. */
  static long heap(long limitBytes) {
    return limitBytes - limitBytes / 10;
  }

  /** The limit in bytes that the cgroup of this process has; empty when it has none. */
  static OptionalLong ofThisProcess() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        && Files.isReadable(MACHINE)) {
      try {
        return ofCgroup(system.getTotalMemorySize(), Files.readAllLines(MACHINE));
      } catch (IOException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /**
   * The limit of a cgroup; empty when it has none.
   *
   * @param bytes what this process may take: of the machine, or of its cgroup if that is less
   * @param meminfo the lines of {@code /proc/meminfo}, which tells of the machine in a container, too
   */
  static OptionalLong ofCgroup(long bytes, List<String> meminfo) {
    for (String line : meminfo) {
      Matcher total = TOTAL.matcher(line);
      if (total.matches()) {
        return bytes < Long.parseLong(total.group(1)) * 1024
            ? OptionalLong.of(bytes)
            : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
