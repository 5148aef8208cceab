package io.isoline.translator.ingress;

import io.isoline.translator.annotation.PathPolicy;
import io.isoline.translator.expression.Expression;
import io.isoline.translator.expression.Rewriting;
import io.isoline.translator.expression.Target;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Rewrite;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of the requests for one path by what an Ingress asks of its paths. */
sealed interface PathRewriting {

  /** They keep their path. */
  record None() implements PathRewriting {}

  /**
   * The backend gets another path.
   *
   * @param doubling whether two slashes can meet in that
   */
  record Rewritten(Rewrite option, boolean doubling) implements PathRewriting {}

  /** The client is sent elsewhere. */
  record Redirected(RouteAction action) implements PathRewriting {}

  /**
   * It is not to be had, and nobody gets what was not meant for him.
   *
   * @param message a clause that says why
   */
  record Impossible(String message) implements PathRewriting {}

  /** What is done instead of what is done with the requests otherwise; null for nothing. */
  default @Nullable RouteAction action() {
    return switch (this) {
      case None _, Rewritten _ -> null;
      case Redirected(RouteAction elsewhere) -> elsewhere;
      case Impossible _ -> new RouteAction.Respond(503);
    };
  }

  /** The options of a route, with what it takes. */
  default RouteOptions options(RouteOptions options) {
    return switch (this) {
      case None _, Impossible _ -> options;
      case Rewritten(Rewrite rewrite, boolean _) -> options.with(List.of(rewrite));
      // It goes before the redirect to HTTPS.
      case Redirected _ -> new RouteOptions(false, options.all());
    };
  }

  /**
   * Finds it out.
   *
   * @param path as it was written; empty for all paths
   * @param paths which spellings of slashes requests can have
   */
  static PathRewriting of(PathPolicy policy, String path, HttpOptions.Paths paths) {
    String written = path.isEmpty() ? "/" : path;
    Target target = policy.target(written);
    if (target == null) {
      return new None();
    }
    if (!(Expression.read(written) instanceof Expression.Reading.Good(Expression expression))) {
      return new Impossible("the path is no expression"); // Nobody has it as a path either.
    }
    Target.Server server = target.server();
    if (server != null) {
      return switch (Rewriting.of(expression, List.of(target), false, paths)) {
        case Rewriting.Result.Bad(String why) -> new Impossible(why);
        case Rewriting.Result.Good(String pattern, List<String> substitutions, boolean _) ->
            new Redirected(
                new RouteAction.Elsewhere(
                    server.scheme(),
                    server.host(),
                    server.port(),
                    pattern,
                    substitutions.getFirst()));
      };
    }
    Target prefix = policy.forwardedPrefix();
    List<Target> targets = prefix == null ? List.of(target) : List.of(target, prefix);
    return switch (Rewriting.of(expression, targets, true, paths)) {
      case Rewriting.Result.Bad(String why) -> new Impossible(why);
      case Rewriting.Result.Good(String pattern, List<String> substitutions, boolean doubling) ->
          new Rewritten(
              new Rewrite(
                  pattern,
                  substitutions.getFirst(),
                  prefix == null ? null : substitutions.getLast()),
              doubling && paths.merges());
    };
  }
}
