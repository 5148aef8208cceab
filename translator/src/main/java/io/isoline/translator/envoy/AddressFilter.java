package io.isoline.translator.envoy;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourceIPInput;
import io.envoyproxy.envoy.extensions.matching.input_matchers.ip.v3.Ip;
import io.isoline.translator.model.AccessCheck;
import io.isoline.translator.model.AddressList;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.text.IpRange;
import java.util.List;

/**
 * Answers requests of addresses that a route does not let in by 403.
 *
 * <p>Ranges are looked up in a tree, as a list of somebody may have thousands. The address is the one
 * that the connection manager found out, by trusted proxies if there are some.
 */
final class AddressFilter implements FilterWriter, OptionWriter<AddressList> {

  static final String NAME = "isoline.addresses";

  /** Of a route that lets all in. */
  static final Any NOTHING = Packing.any(RBACPerRoute.getDefaultInstance());

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(
            NAME,
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDefaultInstance()));
  }

  @Override
  public Class<AddressList> option() {
    return AddressList.class;
  }

  @Override
  public void write(AddressList list, ServedRoute route) {
    AccessCheck check = route.model().options().get(AccessCheck.class);
    boolean oneOfSeveral = check != null && check.any();
    // Who is on neither list is not let in by that, but maybe otherwise.
    Matcher matcher = matcher(list, list.allowed().isEmpty() && !oneOfSeveral);
    var rbac = io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder();
    if (oneOfSeveral) {
      // Decides nothing: AccessFilter reads what it notes.
      rbac.setShadowMatcher(matcher);
    } else {
      rbac.setMatcher(matcher);
    }
    route
        .route()
        .putTypedPerFilterConfig(
            NAME,
            Packing.any(
                RBACPerRoute.newBuilder().setRbac(rbac).build()));
  }

  /** The same for connections whose requests nobody sees: it closes those of other addresses. */
  static Filter ofConnections(AddressList list) {
    return Filter.newBuilder()
        .setName(NAME)
        .setTypedConfig(
            Packing.any(
                io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.newBuilder()
                    .setStatPrefix(NAME + ".")
                    .setMatcher(matcher(list, list.allowed().isEmpty()))
                    .build()))
        .build();
  }

  private static Matcher matcher(AddressList list, boolean allowsOthers) {
    Matcher.Builder matcher = Matcher.newBuilder();
    if (!list.denied().isEmpty()) {
      matcher.getMatcherListBuilder().addMatchers(within(list.denied(), RBAC.Action.DENY));
    }
    if (!list.allowed().isEmpty()) {
      matcher.getMatcherListBuilder().addMatchers(within(list.allowed(), RBAC.Action.ALLOW));
    }
    return matcher
        .setOnNoMatch(action(allowsOthers ? RBAC.Action.ALLOW : RBAC.Action.DENY))
        .build();
  }

  private static Matcher.MatcherList.FieldMatcher within(
      List<IpRange> ranges, RBAC.Action action) {
    return Matcher.MatcherList.FieldMatcher.newBuilder()
        .setPredicate(
            Matcher.MatcherList.Predicate.newBuilder()
                .setSinglePredicate(
                    Matcher.MatcherList.Predicate.SinglePredicate.newBuilder()
                        .setInput(
                            Packing.extension("client", SourceIPInput.getDefaultInstance()))
                        .setCustomMatch(ranges(ranges))))
        .setOnMatch(action(action))
        .build();
  }

  private static TypedExtensionConfig ranges(List<IpRange> ranges) {
    return Packing.extension(
        "ranges",
        Ip.newBuilder()
            .setStatPrefix(NAME)
            .addAllCidrRanges(ClientAddresses.ranges(ranges))
            .build());
  }

  private static Matcher.OnMatch action(RBAC.Action action) {
    return Matcher.OnMatch.newBuilder()
        .setAction(
            Packing.extension(
                "action",
                Action.newBuilder().setName(action.name()).setAction(action).build()))
        .build();
  }
}
