package io.isoline.translator.model;

import io.isoline.translator.tls.ServerCertificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is different in the model. An empty value means that the thing is no more.
 *
 * @param virtualHosts by host
 * @param upstreams by name
 * @param endpoints by the name of the upstream; those of an upstream that is no more are not here
 * @param terminations by the names of their secrets
 * @param secrets by name; what is not {@link ServerCertificate.Valid} is served with the default
 */
public record ModelChange(
    SortedMap<Host, Optional<VirtualHost>> virtualHosts,
    SortedMap<String, Optional<Upstream>> upstreams,
    SortedMap<String, EndpointSet> endpoints,
    Map<List<String>, Optional<TlsTermination>> terminations,
    SortedMap<String, Optional<ServerCertificate>> secrets) {

  /** An empty one, to be filled. */
  public static ModelChange none() {
    return new ModelChange(
        new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new HashMap<>(), new TreeMap<>());
  }
}
