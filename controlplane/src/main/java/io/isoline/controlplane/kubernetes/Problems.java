package io.isoline.controlplane.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the problems that stop us from reading. Each is logged when it comes up and when it is
 * over, however many queries have it and however often they try. For any thread.
 */
final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @GuardedBy("this")
  private final Map<Query, String> keys = new HashMap<>();
  @GuardedBy("this")
  private final Map<String, Problem> open = new LinkedHashMap<>();

  private static final class Problem {
    final String text;
    int count;

    Problem(String text) {
      this.text = text;
    }
  }

  /**
   * Says that a query fails.
   *
   * @param key the same for all that fail for the same reason
   */
  synchronized void raise(Query query, String key, String text) {
    if (key.equals(keys.get(query))) {
      return;
    }
    clear(query);
    keys.put(query, key);
    Problem problem = open.get(key);
    if (problem == null) {
      problem = new Problem(text);
      open.put(key, problem);
      LOG.warn("{}", text);
    }
    problem.count++;
  }

  /** Says that a query works, or is not needed any more. */
  synchronized void clear(Query query) {
    String key = keys.remove(query);
    Problem problem = key == null ? null : open.get(key);
    if (key != null && problem != null && --problem.count == 0) {
      open.remove(key);
      LOG.info("no longer: {}", problem.text);
    }
  }

  /** The problems that there are now, the oldest first. */
  synchronized List<String> texts() {
    List<String> texts = new ArrayList<>();
    open.values().forEach(problem -> texts.add(problem.text));
    return texts;
  }
}
