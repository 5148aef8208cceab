package io.isoline.controlplane.engine;

import io.isoline.translator.Change;
import java.time.Duration;
import java.util.List;

/**
 * The end of a batch: every connected Envoy has acknowledged or refused what it changed, or a later
 * batch replaced it.
 *
 * @param changes the batch, the very list that was told as translated
 * @param resources how many it changed or removed
 * @param envoys how many are connected; 0 when there was nobody to deliver to
 * @param rejected how many of its resources an Envoy refused
 * @param took from the moment at which the engine got the batch
 */
public record Delivery(
    List<Change> changes, int resources, int envoys, int rejected, Duration took) {}
