package io.isoline.translator.envoy;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.StringValue;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.isoline.translator.model.Host;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The matcher that leads the server name of a connection (SNI) to a filter chain.
 *
 * <p>Names are a map, so that they cost a connection the same however many there are. A name that is
 * not in it is compared with the wildcards, one after the other, the longest first; a wildcard stands
 * for any number of labels here, as no client takes its certificate for more than one; where the backend
 * shows a certificate, for one. Envoy gives the name in small letters, and leads a connection without
 * one to the default chain.
 *
 * <p>A change of which names lead to a chain leaves the chain, and so its connections, as they are.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/xds/type/matcher/v3/matcher.proto">Matcher</a>
 */
final class ServerNames {

  private static final TypedExtensionConfig SERVER_NAME =
      Packing.extension("server-name", ServerNameInput.getDefaultInstance());

  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  /** Where the names of a wildcard lead, and whether that stands for one label. */
  private record Suffix(OnMatch leads, boolean oneLabel) {
    StringMatcher matcher(String text) {
      return oneLabel
          ? StringMatcher.newBuilder()
              .setSafeRegex(
                  RegexMatcher.newBuilder()
                      .setGoogleRe2(RegexMatcher.GoogleRE2.getDefaultInstance())
                      // Names of hosts have no other sign that means anything in an expression.
                      .setRegex("[^.]+" + text.replace(".", "\\.")))
              .build()
          : StringMatcher.newBuilder().setSuffix(text).build();
    }
  }

  private ServerNames() {}

  /**
   * The matcher for all chains.
   *
   * @param chains at least one, each with at least one name
   */
  static Matcher matcher(Collection<ListenerWriter.Chain> chains) {
    MatcherTree.MatchMap.Builder names = MatcherTree.MatchMap.newBuilder();
    Map<String, Suffix> suffixes = new TreeMap<>(LONGEST_FIRST);
    for (ListenerWriter.Chain chain : chains) {
      OnMatch leads =
          OnMatch.newBuilder()
              .setAction(Packing.extension("chain", StringValue.of(chain.name())))
              .build();
      for (Host host : chain.serverNames()) {
        if (host.isWildcard()) {
          suffixes.put(host.pattern().substring(1), new Suffix(leads, chain.oneLabel()));
        } else {
          names.putMap(host.pattern(), leads);
        }
      }
    }
    if (names.getMapCount() == 0) {
      return wildcards(suffixes);
    }
    Matcher.Builder matcher =
        Matcher.newBuilder()
            .setMatcherTree(MatcherTree.newBuilder().setInput(SERVER_NAME).setExactMatchMap(names));
    if (!suffixes.isEmpty()) {
      matcher.setOnNoMatch(OnMatch.newBuilder().setMatcher(wildcards(suffixes)));
    }
    return matcher.build();
  }

  private static Matcher wildcards(Map<String, Suffix> suffixes) {
    MatcherList.Builder list = MatcherList.newBuilder();
    suffixes.forEach(
        (text, suffix) ->
            list.addMatchersBuilder()
                .setPredicate(
                    MatcherList.Predicate.newBuilder()
                        .setSinglePredicate(
                            MatcherList.Predicate.SinglePredicate.newBuilder()
                                .setInput(SERVER_NAME)
                                .setValueMatch(suffix.matcher(text))))
                .setOnMatch(suffix.leads()));
    return Matcher.newBuilder().setMatcherList(list).build();
  }
}
