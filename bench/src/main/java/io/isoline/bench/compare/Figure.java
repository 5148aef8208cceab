package io.isoline.bench.compare;

/** What a number is. */
enum Figure {
  MILLIS,
  /** CPU time of the control plane for one change. */
  CPU_MILLIS,
  ENVOY_CPU_MILLIS,
  /** What Envoy received from the control plane; for a change, for that one. */
  XDS_BYTES,
  RSS_MIB,
  PEAK_RSS_MIB,
  ENVOY_RSS_MIB,
  ENVOY_PEAK_RSS_MIB,
  /** gRPC streams of one Envoy. */
  STREAMS,
  REQUESTS_PER_SECOND,
  P99_MILLIS,
  /** Requests that were not answered with 200. */
  FAILED_REQUESTS
}
