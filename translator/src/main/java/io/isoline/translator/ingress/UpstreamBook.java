package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.Upstream;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which upstreams are in use, by the hosts whose routes lead to them. An upstream that no route
 * leads to is no more. Owned by the thread that owns the translator.
 */
final class UpstreamBook {

  private final Map<Host, Set<String>> ofHost = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, Upstream> live = new HashMap<>();
  private final Map<ObjectRef, SortedMap<String, Upstream>> ofService = new HashMap<>();
  private final Set<String> touched = new TreeSet<>();
  private final Map<String, Upstream> pending = new TreeMap<>();
  private boolean refresh;

  /** Says what a host uses now. */
  void use(Host host, Set<Upstream> used) {
    Set<String> names = new HashSet<>();
    for (Upstream upstream : used) {
      names.add(upstream.name());
      pending.put(upstream.name(), upstream);
      uses.merge(upstream.name(), 1, Integer::sum);
    }
    Set<String> before =
        names.isEmpty() ? ofHost.remove(host) : ofHost.put(host, Set.copyOf(names));
    if (before != null) {
      for (String name : before) {
        uses.merge(name, -1, (a, b) -> a + b == 0 ? null : a + b);
        touched.add(name);
      }
    }
    touched.addAll(names);
  }

  /** Makes the next {@link #drain} add all upstreams, as other settings make other clusters. */
  void refresh() {
    refresh = true;
  }

  /** Adds what is new, different or no more since the last call. */
  void drain(SortedMap<String, Optional<Upstream>> changed) {
    if (refresh) {
      touched.addAll(live.keySet());
    }
    for (String name : touched) {
      Upstream before = live.get(name);
      Upstream now = uses.containsKey(name) ? pending.getOrDefault(name, before) : null;
      if (now == null) {
        if (before != null) {
          live.remove(name);
          remove(before);
          changed.put(name, Optional.empty());
        }
      } else if (refresh || !now.equals(before)) {
        live.put(name, now);
        ofService.computeIfAbsent(now.service(), any -> new TreeMap<>()).put(name, now);
        changed.put(name, Optional.of(now));
      }
    }
    touched.clear();
    pending.clear();
    refresh = false;
  }

  /** The upstreams of a Service that are in use. */
  Collection<Upstream> of(ObjectRef service) {
    SortedMap<String, Upstream> upstreams = ofService.get(service);
    return upstreams == null ? List.of() : upstreams.values();
  }

  private void remove(Upstream upstream) {
    SortedMap<String, Upstream> siblings = ofService.get(upstream.service());
    if (siblings != null && siblings.remove(upstream.name()) != null && siblings.isEmpty()) {
      ofService.remove(upstream.service());
    }
  }
}
