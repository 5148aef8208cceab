package io.isoline.controlplane.xds;

/**
 * How far a resource's version has come.
 *
 * @param acknowledged streams whose client took it
 * @param rejected streams whose client refused the current version of the resource
 * @param subscribed streams whose client asked for it
 * @param streams all streams
 */
public record Programmed(int acknowledged, int rejected, int subscribed, int streams) {

  /** Whether every client that asked for it has it, and at least one asked. */
  public boolean isComplete() {
    return subscribed > 0 && acknowledged == subscribed;
  }
}
