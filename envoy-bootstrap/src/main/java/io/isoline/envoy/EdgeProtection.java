package io.isoline.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import io.envoyproxy.envoy.config.overload.v3.OverloadAction;
import io.envoyproxy.envoy.config.overload.v3.OverloadManager;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.config.overload.v3.ScaleTimersOverloadActionConfig;
import io.envoyproxy.envoy.config.overload.v3.ThresholdTrigger;
import io.envoyproxy.envoy.config.overload.v3.Trigger;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits that keep an Envoy alive in front of clients nobody knows: connections, heap, regular
 * expressions. Source: "Configuring Envoy as an edge proxy" in Envoy's documentation.
 */
final class EdgeProtection {
  private static final String HEAP_MONITOR = "envoy.resource_monitors.fixed_heap";
  private static final String CONNECTION_MONITOR =
      "envoy.resource_monitors.global_downstream_max_connections";
  private static final String DRAIN_MONITOR = "envoy.resource_monitors.injected_resource";
  private static final Duration REFRESH = Duration.ofMillis(250);
  private static final double SHRINK_AT = 0.95;
  private static final double REFUSE_AT = 0.98;

  private EdgeProtection() {}

  static OverloadManager overloadManager(BootstrapOptions options) {
    OverloadManager.Builder manager =
        OverloadManager.newBuilder()
            .setRefreshInterval(Protos.duration(REFRESH))
            .addResourceMonitors(
                monitor(
                    CONNECTION_MONITOR,
                    DownstreamConnectionsConfig.newBuilder()
                        .setMaxActiveDownstreamConnections(options.maxDownstreamConnections())
                        .build()));
    if (options.maxHeapBytes().isPresent()) {
      manager
          .addResourceMonitors(
              monitor(
                  HEAP_MONITOR,
                  FixedHeapConfig.newBuilder()
                      .setMaxHeapSizeBytes(options.maxHeapBytes().getAsLong())
                      .build()))
          .addActions(onHeap("envoy.overload_actions.shrink_heap", SHRINK_AT))
          .addActions(onHeap("envoy.overload_actions.stop_accepting_requests", REFUSE_AT));
    }
    Path pressure = EnvoyDrain.pressureFile(options.admin());
    if (pressure != null) {
      manager
          .addResourceMonitors(
              monitor(
                  DRAIN_MONITOR,
                  InjectedResourceConfig.newBuilder().setFilename(pressure.toString()).build()))
          .addActions(closeIdleConnections());
    }
    return manager.build();
  }

  /**
   * Closes idle connections while Envoy drains, see {@link EnvoyDrain}; it has nothing to do with
   * load.
   */
  private static OverloadAction closeIdleConnections() {
    ScaleTimersOverloadActionConfig.Builder timers = ScaleTimersOverloadActionConfig.newBuilder();
    timers
        .addTimerScaleFactorsBuilder()
        .setTimer(ScaleTimersOverloadActionConfig.TimerType.HTTP_DOWNSTREAM_CONNECTION_IDLE)
        .setMinTimeout(Protos.duration(EnvoyDrain.IDLE_TIMEOUT));
    return on(DRAIN_MONITOR, "envoy.overload_actions.reduce_timeouts", 1).toBuilder()
        .setTypedConfig(Any.pack(timers.build()))
        .build();
  }

  private static ResourceMonitor monitor(String name, Message config) {
    return ResourceMonitor.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }

  private static OverloadAction onHeap(String action, double threshold) {
    return on(HEAP_MONITOR, action, threshold);
  }

  private static OverloadAction on(String monitor, String action, double threshold) {
    return OverloadAction.newBuilder()
        .setName(action)
        .addTriggers(
            Trigger.newBuilder()
                .setName(monitor)
                .setThreshold(ThresholdTrigger.newBuilder().setValue(threshold)))
        .build();
  }

  /** One fixed layer and no admin layer: nobody changes these values while Envoy runs. */
  static LayeredRuntime runtime(BootstrapOptions options) {
    return LayeredRuntime.newBuilder()
        .addLayers(
            RuntimeLayer.newBuilder()
                .setName("isoline")
                .setStaticLayer(
                    Struct.newBuilder()
                        .putFields(
                            "re2.max_program_size.error_level",
                            Values.of(options.maxRegexProgramSize()))))
        .build();
  }
}
