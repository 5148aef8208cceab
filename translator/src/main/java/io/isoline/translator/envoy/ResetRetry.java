package io.isoline.translator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;

/**
 * Has Envoy try a request again whose connection broke before an answer began, where its method is
 * idempotent: the backend may have acted on it.
 *
 * <p>A retry policy cannot tell methods apart: its {@code retriable_request_headers} would take
 * from the other methods what they are retried on as well. So a filter adds, by the header of the
 * router, to what the policy of the virtual host says; the router drops that header. What clients
 * send in it is gone before any filter.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2">RFC 9110, idempotent
 *     methods</a>
 */
final class ResetRetry {

  static final String NAME = "isoline.retry-on-reset";

  private static final String IDEMPOTENT = "GET|HEAD|OPTIONS|PUT|DELETE|TRACE";

  private ResetRetry() {}

  /** The filter of {@link #NAME}. */
  static Message filter() {
    var header =
        io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation.newBuilder()
            .setMutations(
                Mutations.newBuilder()
                    .addRequestMutations(RouteWriter.set("x-envoy-retry-on", "reset")))
            .build();
    return ExtensionWithMatcher.newBuilder()
        .setXdsMatcher(skipped())
        .setExtensionConfig(
            TypedExtensionConfig.newBuilder()
                .setName("header")
                .setTypedConfig(Packing.any(header)))
        .build();
  }

  /** Which requests skip the filter: all that are not idempotent. */
  private static Matcher skipped() {
    var method =
        Predicate.SinglePredicate.newBuilder()
            .setInput(
                Packing.extension(
                    "method",
                    HttpRequestHeaderMatchInput.newBuilder().setHeaderName(":method").build()))
            .setValueMatch(
                StringMatcher.newBuilder()
                    .setSafeRegex(
                        RegexMatcher.newBuilder()
                            .setGoogleRe2(RegexMatcher.GoogleRE2.getDefaultInstance())
                            .setRegex(IDEMPOTENT)));
    var skip =
        Matcher.MatcherList.FieldMatcher.newBuilder()
            .setPredicate(
                Predicate.newBuilder()
                    .setNotMatcher(Predicate.newBuilder().setSinglePredicate(method)))
            .setOnMatch(
                Matcher.OnMatch.newBuilder()
                    .setAction(Packing.extension("skip", SkipFilter.getDefaultInstance())));
    return Matcher.newBuilder()
        .setMatcherList(Matcher.MatcherList.newBuilder().addMatchers(skip))
        .build();
  }
}
