package io.isoline.translator.envoy;

import io.isoline.translator.model.UpstreamHost;

/** Writes the Host that backends get. X-Forwarded-Host stays that of the client. */
final class UpstreamHostWriter implements OptionWriter<UpstreamHost> {

  @Override
  public Class<UpstreamHost> option() {
    return UpstreamHost.class;
  }

  @Override
  public void write(UpstreamHost option, ServedRoute route) {
    route.action().setHostRewriteLiteral(option.host());
  }
}
