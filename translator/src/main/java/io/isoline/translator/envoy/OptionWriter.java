package io.isoline.translator.envoy;

import io.isoline.translator.model.RouteOption;

/** Writes one kind of option to the route that sends requests on. */
interface OptionWriter<O extends RouteOption> {

  Class<O> option();

  /** Adds what it takes. Of {@code route}, match and action are set already. */
  void write(O option, ServedRoute route);

  /** Adds what an option takes that is of this kind. */
  default void writeAny(RouteOption any, ServedRoute route) {
    write(option().cast(any), route);
  }
}
