package io.isoline.controlplane.terminal;

import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sets logging up. It must come before the first logger, as the logging libraries read their
 * settings just once.
 */
public final class Logging {

  /** The libraries whose own logs help nobody: that a stream broke is ours to tell. */
  private static final List<Logger> NOISY =
      List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.envoyproxy"));

  private Logging() {}

  /** What is worth a line. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** From now on, loggers write lines of this level and above to standard error. */
  public static void configure(LogLevel level) {
    set("org.slf4j.simpleLogger.defaultLogLevel", level.name().toLowerCase(Locale.ROOT));
    set("org.slf4j.simpleLogger.showDateTime", "true");
    set("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    set("org.slf4j.simpleLogger.showThreadName", "false");
    set("org.slf4j.simpleLogger.showShortLogName", "true");
    set("org.slf4j.simpleLogger.levelInBrackets", "false");
    set("slf4j.internal.verbosity", "ERROR");
    if (level != LogLevel.DEBUG) {
      // With stack traces, they say what our own lines say of each failure.
      set("org.slf4j.simpleLogger.log.io.fabric8.kubernetes.client", "off");
      set("org.slf4j.simpleLogger.log.io.netty.util.internal.MacAddressUtil", "off");
      set("org.slf4j.simpleLogger.log.io.vertx", "off");
    }
    set(
        "java.util.logging.SimpleFormatter.format",
        "%1$tFT%1$tT.%1$tL%1$tz %4$s %2$s - %5$s%6$s%n");
    if (!(System.err instanceof LogStream)) {
      System.setErr(new LogStream(System.err));
    }
    Logger.getLogger("").setLevel(level == LogLevel.DEBUG ? Level.INFO : Level.WARNING);
    NOISY.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private static void set(String name, String value) {
    // What the user set by ISOLINE_JAVA_OPTS stays.
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
