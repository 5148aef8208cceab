package io.isoline.translator.annotation;

import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.SessionCookie;
import io.isoline.translator.model.SessionCookie.Attribute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How clients are kept on an endpoint by a cookie.
 *
 * @param name of the cookie
 * @param pinned whether a session stays where it is when endpoints come
 * @param withCanary whether it also stays with the canary, or with the main Ingress
 * @param maxAge the value of Max-Age; null for none
 * @param domain null for none
 * @param path null for that of the rule
 * @param alwaysSecure whether the cookie is Secure by plain HTTP as well
 * @param sameSite null for none
 * @param onlyWhereUnderstood whether SameSite=None is left out for browsers that take it for Strict
 */
public record SessionAffinity(
    String name,
    boolean pinned,
    boolean withCanary,
    @Nullable Long maxAge,
    @Nullable String domain,
    @Nullable String path,
    boolean alwaysSecure,
    @Nullable SameSite sameSite,
    boolean onlyWhereUnderstood) {

  /**
   * The User-Agent of browsers that take SameSite=None for Strict, or refuse the cookie: Chrome 51 to
   * 66, all of iOS 12, and Safari of macOS 10.14. An expression of RE2 for the whole value.
   *
   * @see <a href="https://www.chromium.org/updates/same-site/incompatible-clients/">SameSite=None:
   *     Known Incompatible Clients</a>
   */
  public static final String MISUNDERSTANDS_SAME_SITE_NONE =
      ".*(?:Chrom(?:e|ium)/(?:5[1-9]|6[0-6])\\..*"
          + "|\\((?:iPhone|iPad|iPod)[^)]* OS 12_.*"
          + "|\\(Macintosh;[^)]* Mac OS X 10_14[_0-9]*\\) AppleWebKit/[^ ]+ \\(KHTML, like Gecko\\)"
          + "(?: Version/[^ ]+ Safari/[^ ]+)?)";

  /** Which requests of other sites carry the cookie. */
  public enum SameSite {
    NONE("None"),
    LAX("Lax"),
    STRICT("Strict");

    private final String text;

    SameSite(String text) {
      this.text = text;
    }

    /** As browsers read it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Whether the cookie of clients by HTTPS is another one than that by plain HTTP. */
  public boolean dependsOnScheme() {
    return !alwaysSecure;
  }

  /** Whether the cookie depends on {@link #MISUNDERSTANDS_SAME_SITE_NONE}. */
  public boolean dependsOnBrowser() {
    return onlyWhereUnderstood && sameSite == SameSite.NONE;
  }

  /**
   * The cookie.
   *
   * @param rule the path that the request matched
   * @param https whether the request came by HTTPS
   * @param understands whether the browser is none of those that misunderstand
   */
  public SessionCookie cookie(PathMatch rule, boolean https, boolean understands) {
    List<Attribute> attributes = new ArrayList<>();
    if (maxAge != null) {
      attributes.add(new Attribute("Max-Age", maxAge.toString()));
    }
    if (domain != null) {
      attributes.add(new Attribute("Domain", domain));
    }
    attributes.add(new Attribute("Path", path == null ? pathOf(rule) : path));
    if (https || alwaysSecure) {
      attributes.add(new Attribute("Secure", ""));
    }
    if (sameSite != null && (understands || !dependsOnBrowser())) {
      attributes.add(new Attribute("SameSite", sameSite.toString()));
    }
    return new SessionCookie(name, pinned, attributes);
  }

  /** No browser would send a cookie whose path is an expression, or has what ends an attribute. */
  private static String pathOf(PathMatch rule) {
    return switch (rule) {
      case PathMatch.Exact(String path) -> plain(path);
      case PathMatch.Prefix(String path) -> plain(path);
      case PathMatch.Expression _ -> "/";
    };
  }

  private static String plain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= '\u007f' || c == ';') {
        return "/";
      }
    }
    return path;
  }
}
