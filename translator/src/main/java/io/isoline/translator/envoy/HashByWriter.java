package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.isoline.translator.model.HashBy;

/** Writes what of a request is hashed for the choice of an endpoint. */
final class HashByWriter implements OptionWriter<HashBy> {

  /**
   * Is the same for all requests. Without a hash at all, which is what Envoy has when a request lacks
   * all parts, it would draw an endpoint.
   */
  private static final HashPolicy CONSTANT = rewritten(":method", ".+");

  @Override
  public Class<HashBy> option() {
    return HashBy.class;
  }

  @Override
  public void write(HashBy option, ServedRoute route) {
    for (HashBy.Part part : option.parts()) {
      route.action().addHashPolicy(policy(part));
    }
    if (option.parts().stream().noneMatch(HashBy.Part::isAlwaysThere)) {
      route.action().addHashPolicy(CONSTANT);
    }
  }

  private static HashPolicy policy(HashBy.Part part) {
    HashPolicy.Builder policy = HashPolicy.newBuilder();
    return switch (part) {
      case HashBy.Part.Header(String name) ->
          policy.setHeader(HashPolicy.Header.newBuilder().setHeaderName(name)).build();
      case HashBy.Part.Path _ -> rewritten(":path", "\\?.*");
      case HashBy.Part.Query _ -> rewritten(":path", "^[^?]*\\??");
      case HashBy.Part.Cookie(String name) ->
          policy.setCookie(HashPolicy.Cookie.newBuilder().setName(name)).build();
      case HashBy.Part.Parameter(String name) ->
          policy.setQueryParameter(HashPolicy.QueryParameter.newBuilder().setName(name)).build();
      case HashBy.Part.ClientAddress _ ->
          policy
              .setConnectionProperties(
                  HashPolicy.ConnectionProperties.newBuilder().setSourceIp(true))
              .build();
    };
  }

  /** A header without what an expression matches. */
  private static HashPolicy rewritten(String header, String without) {
    return HashPolicy.newBuilder()
        .setHeader(
            HashPolicy.Header.newBuilder()
                .setHeaderName(header)
                .setRegexRewrite(
                    RegexMatchAndSubstitute.newBuilder()
                        .setPattern(RegexMatcher.newBuilder().setRegex(without))))
        .build();
  }
}
