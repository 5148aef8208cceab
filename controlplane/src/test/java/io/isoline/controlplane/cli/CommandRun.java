package io.isoline.controlplane.cli;

import io.isoline.controlplane.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * One command line, run in this process.
 *
 * @param status the exit status
 */
record CommandRun(int status, String out, String err) {

  static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, Map.of());
    int status = Main.run(terminal, args);
    return new CommandRun(status, out.toString(), err.toString());
  }
}
