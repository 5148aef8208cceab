package io.isoline.translator.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Headers that are set or removed on the way. To set one replaces whatever is there of that name.
 *
 * @param request what backends get, by name
 * @param requestRemoved what backends do not get
 * @param response what clients get, by name
 * @param responseRemoved what clients do not get of the backend's
 */
public record HeaderEdits(
    SortedMap<String, String> request,
    List<String> requestRemoved,
    SortedMap<String, String> response,
    List<String> responseRemoved)
    implements RouteOption {
  public HeaderEdits {
    request = Collections.unmodifiableSortedMap(new TreeMap<>(request));
    requestRemoved = List.copyOf(requestRemoved);
    response = Collections.unmodifiableSortedMap(new TreeMap<>(response));
    responseRemoved = List.copyOf(responseRemoved);
  }
}
