package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests at a steady rate from inside the lab while a test does something, each judged. */
final class Traffic implements AutoCloseable {

  private static final Pattern TALLY =
      Pattern.compile("(?:so far|all): requests (\\d+) wrong (\\d+) lost (\\d+) repeated (\\d+)");

  private static final Pattern FAULT = Pattern.compile("WRONG |LOST |REPEATED ");

  private final LabProcess process;

  /**
   * What came of all requests.
   *
   * @param wrong answered, but not as a healthy system would
   * @param lost without an answer, at the last attempt too
   * @param repeated how often one was sent again, as its connection ended before the answer began
   * @param faults some of what was wrong, lost or repeated, in words
   */
  record Tally(int requests, int wrong, int lost, int repeated, List<String> faults) {

    /** That each request got the right answer. */
    void assertAllRight() {
      assertEquals("wrong 0, lost 0", "wrong %d, lost %d".formatted(wrong, lost), this::toString);
    }

    /** That each got it at the first attempt. */
    void assertNoneRepeated() {
      assertNoneRepeatedSince(0);
    }

    /** The same for those after another tally, in which so many were repeated. */
    void assertNoneRepeatedSince(int before) {
      assertAllRight();
      assertEquals(before, repeated, this::toString);
    }
  }

  private Traffic(LabProcess process) {
    this.process = process;
  }

  /**
   * Starts, and returns when answers come.
   *
   * @param address of the load balancer
   * @param rate requests a second
   */
  static Traffic start(Lab lab, String address, int rate, List<Target> targets) {
    List<String> arguments = new ArrayList<>(List.of(address, "6", Integer.toString(rate)));
    targets.forEach(target -> arguments.add(target.toString()));
    Traffic traffic = new Traffic(lab.java(RequestLoad.class, arguments.toArray(String[]::new)));
    traffic.awaitMore(rate / 2);
    return traffic;
  }

  /** Returns when so many more requests have been sent. */
  void awaitMore(int requests) {
    int until = now().requests() + requests;
    Cluster.await("the load goes on: " + process, () -> now().requests() >= until);
  }

  /** The tally of the moment. */
  Tally now() {
    return tally(process.log());
  }

  /** Ends it. */
  Tally finish() {
    process.terminate();
    process.awaitLine(line -> line.startsWith("all: "));
    return tally(process.log());
  }

  private static Tally tally(List<String> log) {
    List<String> faults =
        log.stream().filter(line -> FAULT.matcher(line).lookingAt()).toList();
    for (String line : log.reversed()) {
      Matcher found = TALLY.matcher(line);
      if (found.matches()) {
        return new Tally(
            Integer.parseInt(found.group(1)),
            Integer.parseInt(found.group(2)),
            Integer.parseInt(found.group(3)),
            Integer.parseInt(found.group(4)),
            faults);
      }
    }
    return new Tally(0, 0, 0, 0, faults);
  }

  @Override
  public void close() {
    process.close();
  }
}
