package io.isoline.translator.envoy;

import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.HttpOptions.Compression;
import io.isoline.translator.model.HttpOptions.Compression.Algorithm;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compresses answers for clients that accept it: a filter for each coding. */
final class CompressionFilter implements FilterWriter {

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    Compression compression = target.options().compression();
    if (compression == null) {
      return List.of();
    }
    List<HttpFilter> filters = new ArrayList<>();
    for (Algorithm algorithm : compression.algorithms()) {
      filters.add(compressor(compression, algorithm, filters.isEmpty()));
    }
    return filters;
  }

  @Override
  public boolean isOfBodies() {
    return true;
  }

  private static HttpFilter compressor(
      Compression compression, Algorithm algorithm, boolean preferred) {
    Message library =
        switch (algorithm) {
          case GZIP -> Gzip.getDefaultInstance();
          case BROTLI -> Brotli.getDefaultInstance();
          case ZSTD -> Zstd.getDefaultInstance();
        };
    String name = algorithm.name().toLowerCase(Locale.ROOT);
    return HttpFilters.filter(
        "isoline.compressor." + name,
        Compressor.newBuilder()
            .setCompressorLibrary(
                TypedExtensionConfig.newBuilder()
                    .setName(name)
                    .setTypedConfig(Packing.any(library)))
            .setChooseFirst(preferred)
            .setResponseDirectionConfig(
                Compressor.ResponseDirectionConfig.newBuilder()
                    .setCommonConfig(
                        Compressor.CommonDirectionConfig.newBuilder()
                            .setMinContentLength(UInt32Value.of(compression.minimumBytes()))
                            .addAllContentType(compression.contentTypes())))
            .build());
  }
}
