package io.isoline.translator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * WebSockets between any two versions of HTTP. HTTP/1.1 has a key and an answer to it in the
 * handshake (RFC 6455, section 4), the extended CONNECT of HTTP/2 has neither (RFC 8441). Envoy
 * translates all of the handshake but these two.
 */
final class WebSockets {

  /** The only protocol that a client can change to. */
  static final String TYPE = "websocket";

  private static final String KEY = "sec-websocket-key";
  private static final String ACCEPT_FILTER = "isoline.websocket-accept";

  /**
   * Tokens of an Upgrade header that are not {@link #TYPE}: a server may ignore them (RFC 9110,
   * section 7.8), and Envoy would deny the request. An expression of RE2 cannot say "not", so this
   * one goes letter by letter. It is there for each filter chain, so it is as small as can be.
   */
  static final StringMatcher OTHER_UPGRADES =
      StringMatcher.newBuilder()
          .setSafeRegex(RegexMatcher.newBuilder().setRegex(otherThan(TYPE)))
          .build();

  /**
   * Answers the key of a client where the backend speaks HTTP/2. It is the SHA-1 of the key and a
   * constant in Base64; Envoy's Lua has all of that but the SHA-1. A script is one more interpreter in
   * each of Envoy's threads, 100 kB: of a cluster, where it is one for all routes to the backend.
   */
  static final HttpFilter ACCEPT =
      HttpFilter.newBuilder()
          .setName(ACCEPT_FILTER)
          .setTypedConfig(
              Packing.any(
                  Lua.newBuilder()
              .setDefaultSourceCode(
                  DataSource.newBuilder()
                      .setInlineString(
                          """
                          local bit = require("bit")
                          local band, bor, bxor, rol = bit.band, bit.bor, bit.bxor, bit.rol
                          local function bytes(word)
                            return string.char(band(bit.rshift(word, 24), 255),
                              band(bit.rshift(word, 16), 255), band(bit.rshift(word, 8), 255),
                              band(word, 255))
                          end
                          local function sha1(text)
                            local length = bytes(#text * 8)
                            text = text .. "\\128" .. ("\\0"):rep((55 - #text) %% 64)
                              .. "\\0\\0\\0\\0" .. length
                            local h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}
                            for at = 1, #text, 64 do
                              local w = {}
                              for i = 0, 15 do
                                local p, q, r, s = text:byte(at + 4 * i, at + 4 * i + 3)
                                w[i] = bor(bit.lshift(p, 24), bit.lshift(q, 16), bit.lshift(r, 8), s)
                              end
                              for i = 16, 79 do
                                w[i] = rol(bxor(w[i - 3], w[i - 8], w[i - 14], w[i - 16]), 1)
                              end
                              local a, b, c, d, e = unpack(h)
                              for i = 0, 79 do
                                local f = bxor(b, c, d)
                                local k = i < 40 and 0x6ed9eba1 or 0xca62c1d6
                                if i < 20 then
                                  f, k = bxor(d, band(b, bxor(c, d))), 0x5a827999
                                elseif i >= 40 and i < 60 then
                                  f, k = bor(band(b, c), band(d, bor(b, c))), 0x8f1bbcdc
                                end
                                a, b, c, d, e = bit.tobit(rol(a, 5) + f + e + k + w[i]), a,
                                  rol(b, 30), c, d
                              end
                              for i, add in ipairs({a, b, c, d, e}) do
                                h[i] = bit.tobit(h[i] + add)
                              end
                            end
                            local digest = ""
                            for _, word in ipairs(h) do
                              digest = digest .. bytes(word)
                            end
                            return digest
                          end
                          function envoy_on_request(request)
                            local key = request:headers():get("%1$s")
                            if key ~= nil and #key == 24 then
                              request:streamInfo():dynamicMetadata():set("%2$s", "key", key)
                            end
                          end
                          function envoy_on_response(response)
                            local headers = response:headers()
                            local asked = response:streamInfo():dynamicMetadata():get("%2$s")
                            if asked ~= nil and headers:get(":status") == "101" then
                              headers:replace("sec-websocket-accept", response:base64Escape(
                                sha1(asked["key"] .. "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")))
                            end
                          end
                          """
                              .formatted(KEY, ACCEPT_FILTER)))
                      .build()))
          .build();

  /** Matches handshakes: of any other request, Envoy has dropped the header by then. */
  static final HeaderMatcher HANDSHAKE =
      HeaderMatcher.newBuilder()
          .setName("upgrade")
          .setStringMatch(StringMatcher.newBuilder().setExact(TYPE).setIgnoreCase(true))
          .build();

  /**
   * Gives a handshake that came without a key one of its own: 16 bytes in Base64, made of the time in
   * nanoseconds. Nobody has to be unable to guess it: it is between Envoy and the backend, and says
   * that the answer is to this handshake. The token, which has no case in HTTP/1.1, is written as
   * servers of HTTP/2 compare it.
   */
  static final List<HeaderMutation> COMPLETING =
      List.of(
          HeaderMutation.newBuilder()
              .setAppend(
                  RouteWriter.header(
                      KEY, "%START_TIME(%s%9f)%AAA==", HeaderAppendAction.ADD_IF_ABSENT))
              .build(),
          RouteWriter.set("upgrade", TYPE).build());

  private WebSockets() {}

  /** A matcher by which a filter goes past them. */
  static Matcher.Builder skipped() {
    return ByRoute.skipping("upgrade", TYPE);
  }

  /**
   * An expression for any token, or none, that is not this word in capital or small letters: it has
   * another length, or another character in one of the places.
   */
  private static String otherThan(String word) {
    int length = word.length();
    StringBuilder other = new StringBuilder();
    for (int i = 0; i < length; i++) {
      char letter = word.charAt(i);
      char capital = Character.toUpperCase(letter);
      other
          .append(other.isEmpty() ? "(?:" : "|\\C(?:")
          .append("[!-%c%c-%c%c-~]".formatted(capital - 1, capital + 1, letter - 1, letter + 1));
    }
    return "\\C{0,%d}|\\C{%d,}|%s%s\\C*".formatted(length - 1, length + 1, other, ")".repeat(length));
  }
}
