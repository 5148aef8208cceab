package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.LocationPrefix;
import java.util.List;

/**
 * Writes Location of answers anew. Envoy has no filter that replaces a part of a header: one notes the
 * new value, and the one that an answer passes after that sets it.
 */
final class LocationFilter implements FilterWriter, OptionWriter<LocationPrefix> {

  private static final String SETS = "isoline.location";
  private static final String NOTES = "isoline.new-location";
  private static final String KEY = "location";

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    // Answers pass the last filter first.
    return List.of(
        HttpFilters.filter(
            SETS,
            io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                .getDefaultInstance()),
        HttpFilters.filter(NOTES, Config.getDefaultInstance()));
  }

  @Override
  public Class<LocationPrefix> option() {
    return LocationPrefix.class;
  }

  @Override
  public void write(LocationPrefix option, ServedRoute route) {
    Config notes =
        Config.newBuilder()
            .addResponseRules(
                Config.Rule.newBuilder()
                    .setHeader("location")
                    .setOnHeaderPresent(
                        Config.KeyValuePair.newBuilder()
                            .setMetadataNamespace(NOTES)
                            .setKey(KEY)
                            .setType(Config.ValueType.STRING)
                            .setRegexValueRewrite(
                                RegexMatchAndSubstitute.newBuilder()
                                    .setPattern(
                                        RegexMatcher.newBuilder()
                                            .setRegex("^\\Q" + option.from() + "\\E"))
                                    .setSubstitution(option.to()))))
            .build();
    Mutations sets =
        Mutations.newBuilder()
            .addResponseMutations(
                HeaderMutation.newBuilder()
                    .setAppend(
                        RouteWriter.header(
                            "location",
                            "%DYNAMIC_METADATA(" + NOTES + ":" + KEY + ")%",
                            HeaderAppendAction.OVERWRITE_IF_EXISTS)))
            .build();
    route
        .route()
        .putTypedPerFilterConfig(NOTES, Packing.any(notes))
        .putTypedPerFilterConfig(
            SETS, Packing.any(HeaderMutationPerRoute.newBuilder().setMutations(sets).build()));
  }
}
