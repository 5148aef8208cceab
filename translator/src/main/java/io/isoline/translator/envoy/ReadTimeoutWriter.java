package io.isoline.translator.envoy;

import io.isoline.translator.model.ReadTimeout;

/** Writes how long nothing may move. */
final class ReadTimeoutWriter implements OptionWriter<ReadTimeout> {

  @Override
  public Class<ReadTimeout> option() {
    return ReadTimeout.class;
  }

  @Override
  public void write(ReadTimeout option, ServedRoute route) {
    route.action().setIdleTimeout(Packing.duration(option.timeout()));
  }
}
