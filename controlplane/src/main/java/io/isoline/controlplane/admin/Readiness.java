package io.isoline.controlplane.admin;

import io.isoline.controlplane.engine.EngineListener;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Whether this replica is fit to serve Envoys: when nothing that a part of the program requires is
 * missing. May be used by any thread.
 */
public final class Readiness {

  private final List<Condition> conditions = new CopyOnWriteArrayList<>();

  /** One thing that is required; the part of the program that asked for it keeps it up to date. */
  public static final class Condition {

    private final String name;
    private volatile @Nullable String missing;

    private Condition(String name, String missing) {
      this.name = name;
      this.missing = missing;
    }

    /** It is fulfilled. */
    public void met() {
      missing = null;
    }

    /**
     * It is not, or no longer, fulfilled.
     *
     * @param what for the operator: what is missing, on one line
     */
    public void missing(String what) {
      missing = what;
    }

    private @Nullable String explanation() {
      String what = missing;
      return what == null ? null : name + ": " + what.lines().findFirst().orElse("");
    }
  }

  /**
   * Adds a condition that is not met yet.
   *
   * @param name begins its line, {@code objects} for example
   * @param missing what is missing until something else is said of it
   */
  public Condition require(String name, String missing) {
    Condition condition = new Condition(name, missing);
    conditions.add(condition);
    return condition;
  }

  /** Adds the condition that an engine has translated all objects; the engine must be told to. */
  public EngineListener requireEngine() {
    Condition condition =
        require("engine", "waits for all objects; Envoys keep the configuration that they have");
    return new EngineListener() {
      @Override
      public void loaded() {
        condition.met();
      }
    };
  }

  /** A line for each condition that is not met, in the order in which they were added. */
  public List<String> missing() {
    return conditions.stream().map(Condition::explanation).filter(Objects::nonNull).toList();
  }

  /** Whether all conditions are met. */
  public boolean isReady() {
    return missing().isEmpty();
  }
}
