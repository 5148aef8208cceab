package io.isoline.translator.settings;

import java.util.List;

/**
 * For which answers the operator's default backend is asked for a page, of Ingresses that list none
 * themselves.
 *
 * @param statuses 400 to 599; empty for none
 * @param ofBackends whether that is so for answers of backends too, and not only for those of Envoy
 */
public record ErrorSettings(List<Integer> statuses, boolean ofBackends) {

  /** No page is asked for. */
  public static final ErrorSettings OFF = new ErrorSettings(List.of(), true);

  public ErrorSettings {
    statuses = List.copyOf(statuses);
  }
}
