package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.Rewrite;
import java.util.List;

/**
 * Has a backend get another path than that of the request.
 *
 * <p>Envoy's own rewriting comes after all filters, and what comes of it is not normalised: of {@code
 * /app../x}, with {@code /app} taken off, {@code /../x} is left. So the new path is made by a filter,
 * as a note about the request, a second one looks at it, and the route takes what was looked at. A
 * path that is longer than such a note may be, 8 KiB, is denied as well.
 */
final class RewriteFilter implements FilterWriter, OptionWriter<Rewrite> {

  private static final String NOTE_FILTER = "isoline.rewrite";
  private static final String GUARD_FILTER = "isoline.rewritten";

  /** Where the notes are. */
  private static final String NOTES = "isoline.rewrite";

  private static final String PATH = "path";
  private static final String PREFIX = "prefix";

  /** A path without a query. */
  private static final String ABSOLUTE = "/[!->@-~]*";

  private static final String RELATIVE = ".*/\\.\\.?((/|;|%3[bB]).*)?";
  private static final String RELATIVE_WITH_ESCAPES =
      ".*(/|%2[fF]|%5[cC])\\.\\.?((/|;|%3[bB]|%2[fF]|%5[cC]).*)?";
  private static final String EMPTY_ELEMENT = ".*//.*";

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(NOTE_FILTER, Config.getDefaultInstance()),
        HttpFilters.filter(
            GUARD_FILTER,
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDefaultInstance()));
  }

  @Override
  public Class<Rewrite> option() {
    return Rewrite.class;
  }

  @Override
  public void write(Rewrite rewrite, ServedRoute route) {
    Config.Builder notes =
        Config.newBuilder().addRequestRules(note(PATH, rewrite.pattern(), rewrite.path()));
    if (rewrite.forwardedPrefix() != null) {
      notes.addRequestRules(note(PREFIX, rewrite.pattern(), rewrite.forwardedPrefix()));
      route
          .route()
          .addRequestHeadersToAdd(
              RouteWriter.header(
                  "x-forwarded-prefix",
                  noted(PREFIX),
                  HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
    }
    route
        .route()
        .putTypedPerFilterConfig(NOTE_FILTER, Packing.any(notes.build()))
        .putTypedPerFilterConfig(GUARD_FILTER, Packing.any(guard(route.space().paths())));
    NewFields.rewritePath(route.action(), noted(PATH));
  }

  private static Config.Rule note(String key, String pattern, String substitution) {
    return Config.Rule.newBuilder()
        .setHeader(":path")
        .setOnHeaderPresent(
            Config.KeyValuePair.newBuilder()
                .setMetadataNamespace(NOTES)
                .setKey(key)
                .setRegexValueRewrite(
                    RegexMatchAndSubstitute.newBuilder()
                        .setPattern(RegexMatcher.newBuilder().setRegex(pattern))
                        .setSubstitution(substitution)))
        .build();
  }

  private static String noted(String key) {
    return "%DYNAMIC_METADATA(" + NOTES + ":" + key + ")%";
  }

  /** Lets a request pass whose new path is there and in normal form. */
  private static RBACPerRoute guard(HttpOptions.Paths paths) {
    Permission.Set.Builder normal =
        Permission.Set.newBuilder()
            .addRules(path(ABSOLUTE))
            .addRules(not(path(paths.keepsEscapes() ? RELATIVE_WITH_ESCAPES : RELATIVE)));
    if (paths.merges()) {
      normal.addRules(not(path(EMPTY_ELEMENT)));
    }
    return RBACPerRoute.newBuilder()
        .setRbac(
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder()
                .setRules(
                    RBAC.newBuilder()
                        .setAction(RBAC.Action.ALLOW)
                        .putPolicies(
                            "normal",
                            Policy.newBuilder()
                                .addPermissions(Permission.newBuilder().setAndRules(normal))
                                .addPrincipals(Principal.newBuilder().setAny(true))
                                .build())))
        .build();
  }

  private static Permission path(String regex) {
    return Permission.newBuilder()
        .setSourcedMetadata(
            SourcedMetadata.newBuilder()
                .setMetadataMatcher(
                    MetadataMatcher.newBuilder()
                        .setFilter(NOTES)
                        .addPath(MetadataMatcher.PathSegment.newBuilder().setKey(PATH))
                        .setValue(
                            ValueMatcher.newBuilder()
                                .setStringMatch(RouteWriter.expression(regex)))))
        .build();
  }

  private static Permission not(Permission permission) {
    return Permission.newBuilder().setNotRule(permission).build();
  }
}
