package io.isoline.translator.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is different in the model. An empty value means that the thing is no more.
 *
 * @param spaces those that are other; all their hosts are here, too
 * @param listeners by name
 * @param chains by what tells them apart
 * @param virtualHosts by space and host
 * @param backends by the name of their upstream
 * @param endpoints by {@link Upstream.Endpoints#endpointsName}
 * @param certificates by the name of their Secret
 * @param authorities by the name of their resource
 */
public record ModelChange(
    List<RouteSpace> spaces,
    SortedMap<String, Optional<Listener>> listeners,
    Map<TlsChain.Key, Optional<TlsChain>> chains,
    SortedMap<VirtualHost.Key, Optional<VirtualHost>> virtualHosts,
    SortedMap<String, Optional<Backend>> backends,
    SortedMap<String, Optional<EndpointSet>> endpoints,
    SortedMap<String, Optional<KeyPair>> certificates,
    SortedMap<String, Optional<Authorities>> authorities) {

  /** An empty one, to be filled. */
  public static ModelChange none() {
    return new ModelChange(
        new ArrayList<>(),
        new TreeMap<>(),
        new HashMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }
}
