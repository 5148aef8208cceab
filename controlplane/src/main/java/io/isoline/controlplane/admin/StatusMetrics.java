package io.isoline.controlplane.admin;

import io.isoline.controlplane.status.StatusListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is written to the API server, and shows who leads. For any thread. */
final class StatusMetrics implements StatusListener {

  private final MeterRegistry registry;
  private final AtomicInteger leader = new AtomicInteger();
  private final AtomicInteger followers = new AtomicInteger();

  StatusMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("isoline.leader", leader, AtomicInteger::get)
        .description("1 when this replica is the leader, which alone writes, else 0.")
        .register(registry);
    Gauge.builder("isoline.followers", followers, AtomicInteger::get)
        .description("Other replicas that are connected to this one, the leader.")
        .register(registry);
    for (Write what : Write.values()) {
      for (Outcome outcome : Outcome.values()) {
        writes(what, outcome);
      }
    }
  }

  private Counter writes(Write what, Outcome outcome) {
    return Counter.builder("isoline.api.writes")
        .description("Attempts to write to the API server.")
        .tag("what", name(what))
        .tag("outcome", name(outcome))
        .register(registry);
  }

  private static String name(Write what) {
    return switch (what) {
      case STATUS -> "Status";
      case EVENT -> "Event";
    };
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case WRITTEN -> "Written";
      case CONFLICT -> "Conflict";
      case GONE -> "Gone";
      case FORBIDDEN -> "Forbidden";
      case REFUSED -> "Refused";
      case FAILED -> "Failed";
      case DROPPED -> "Dropped";
    };
  }

  @Override
  public void leading(boolean leading) {
    leader.set(leading ? 1 : 0);
  }

  @Override
  public void followers(int connected) {
    followers.set(connected);
  }

  @Override
  public void wrote(Write what, Outcome outcome) {
    writes(what, outcome).increment();
  }
}
