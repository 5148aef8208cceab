package io.isoline.controlplane.engine;

import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.translator.Change;
import io.isoline.translator.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the translation of a batch cost.
 *
 * @param changes the batch; empty when only the clock has moved
 * @param waited from the moment at which the engine got the first of them to the translation
 * @param took the translation alone
 * @param stored what is served after it, all of it
 */
public record Translation(
    List<Change> changes,
    Duration waited,
    Duration took,
    Map<ResourceType, ResourceStore.Total> stored) {}
