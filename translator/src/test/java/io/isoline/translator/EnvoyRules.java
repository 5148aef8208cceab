package io.isoline.translator;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks a resource as Envoy does before it builds anything of it: by the rules that the protos
 * themselves carry as options, and by those that Envoy has in code.
 */
final class EnvoyRules {

  private final TypeRegistry types;
  private final List<String> broken = new ArrayList<>();

  private EnvoyRules(TypeRegistry types) {
    this.types = types;
  }

  /** What a resource breaks; empty for one that Envoy takes. */
  static List<String> brokenBy(Resource resource, TypeRegistry types) {
    EnvoyRules rules = new EnvoyRules(types);
    Message message = World.proto(resource);
    rules.check(message, resource.key().toString());
    switch (message) {
      case RouteConfiguration routes -> rules.routes(routes);
      case Listener listener -> rules.listener(listener);
      default -> {}
    }
    return rules.broken;
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      broken.add(otherwise);
    }
  }

  private void routes(RouteConfiguration routes) {
    Set<String> names = new HashSet<>();
    Set<String> domains = new HashSet<>();
    for (VirtualHost virtualHost : routes.getVirtualHostsList()) {
      require(names.add(virtualHost.getName()), "virtual host twice: " + virtualHost.getName());
      for (String domain : virtualHost.getDomainsList()) {
        require(domains.add(domain), "domain twice: " + domain);
      }
    }
  }

  private void listener(Listener listener) {
    require(
        listener.hasUdpListenerConfig()
            || listener.getFilterChainsCount() > 0
            || listener.hasDefaultFilterChain(),
        "no chain");
    if (!listener.hasFilterChainMatcher()) {
      return;
    }
    Set<String> chains = new HashSet<>();
    for (FilterChain chain : listener.getFilterChainsList()) {
      require(!chain.getName().isEmpty(), "chain without a name");
      require(chains.add(chain.getName()), "chain twice: " + chain.getName());
    }
    var serverNames = World.serverNames(listener);
    serverNames.forEach(
        (name, chain) -> {
          require(chains.contains(chain), "no chain " + chain);
          require(
              name.replaceFirst("^[*][.]", "").indexOf('*') < 0, "partial wildcard: " + name);
        });
    chains.removeAll(serverNames.values());
    require(chains.isEmpty(), "no name leads to " + chains);
  }

  private void check(Message message, String path) {
    switch (message) {
      case Any any -> {
        unpack(any, path);
        return;
      }
      case SocketAddress address ->
          require(
              isAddress(address.getAddress())
                  // The operator's own name, which may be one of the cluster.
                  || (path.startsWith("CLUSTER isoline-traces.")
                      && address.getAddress().matches("[-a-z0-9.]+")),
              path + ": " + address);
      case RegexMatcher regex -> require(isRegex(regex.getRegex()), path + ": " + regex);
      default -> {}
    }
    Descriptor type = message.getDescriptorForType();
    if (type.getOptions().getExtension(Validate.disabled)) {
      return;
    }
    for (OneofDescriptor oneof : type.getRealOneofs()) {
      require(
          !oneof.getOptions().getExtension(Validate.required)
              || message.hasOneof(oneof)
              // A choice that the library's protos do not have yet.
              || !message.getUnknownFields().asMap().isEmpty(),
          path + "." + oneof.getName() + ": required");
    }
    for (FieldDescriptor field : type.getFields()) {
      String at = path + "." + field.getName();
      FieldRules rules = field.getOptions().getExtension(Validate.rules);
      boolean present =
          field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
      if (rules.getMessage().getRequired()
          || rules.getAny().getRequired()
          || rules.getDuration().getRequired()) {
        // What a oneof did not choose is not missed.
        require(present || field.getRealContainingOneof() != null, at + ": required");
      }
      if (field.isRepeated()) {
        repeated(message, field, rules, at);
      } else if (present || !field.hasPresence()) {
        value(message.getField(field), rules, at);
      }
    }
  }

  private void repeated(Message message, FieldDescriptor field, FieldRules rules, String at) {
    int count = message.getRepeatedFieldCount(field);
    require(count >= rules.getRepeated().getMinItems(), at + ": too few");
    require(
        !rules.getRepeated().hasMaxItems() || count <= rules.getRepeated().getMaxItems(),
        at + ": too many");
    if (rules.getRepeated().getUnique()) {
      Collection<?> items = (Collection<?>) message.getField(field);
      require(new HashSet<>(items).size() == items.size(), at + ": not unique");
    }
    for (int i = 0; i < count; i++) {
      value(message.getRepeatedField(field, i), rules.getRepeated().getItems(), at + "[" + i + "]");
    }
  }

  private void value(Object value, FieldRules rules, String at) {
    switch (value) {
      case String text -> text(text, rules.getString(), at);
      case ByteString bytes ->
          require(bytes.size() >= rules.getBytes().getMinLen(), at + ": too short");
      case Integer number -> number(Integer.toUnsignedLong(number), rules, at);
      case Long number -> number(number, rules, at);
      case EnumValueDescriptor constant ->
          require(
              !rules.getEnum().getDefinedOnly() || constant.getIndex() >= 0,
              at + ": not a value of the enum");
      case UInt32Value wrapped -> number(Integer.toUnsignedLong(wrapped.getValue()), rules, at);
      case Duration duration -> duration(duration, rules.getDuration(), at);
      case Message message -> check(message, at);
      default -> {}
    }
  }

  private void text(String text, Validate.StringRules rules, String at) {
    long length = text.codePoints().count();
    require(length >= rules.getMinLen(), at + ": too short: \"" + text + "\"");
    require(!rules.hasMaxLen() || length <= rules.getMaxLen(), at + ": too long");
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    require(bytes >= rules.getMinBytes(), at + ": too short");
    require(!rules.hasMaxBytes() || bytes <= rules.getMaxBytes(), at + ": too long: " + bytes);
    require(text.startsWith(rules.getPrefix()), at + ": lacks the prefix");
    require(
        !rules.hasPattern() || Pattern.compile(rules.getPattern()).matcher(text).find(),
        at + ": does not match " + rules.getPattern() + ": " + text);
    if (rules.hasWellKnownRegex()) {
      require(text.chars().noneMatch(c -> c == 0 || c == '\n' || c == '\r'), at + ": not a header");
    }
  }

  private void number(long number, FieldRules rules, String at) {
    Validate.UInt32Rules r = rules.getUint32();
    require(!r.hasGt() || number > Integer.toUnsignedLong(r.getGt()), at + ": too small");
    require(!r.hasGte() || number >= Integer.toUnsignedLong(r.getGte()), at + ": too small");
    require(!r.hasLt() || number < Integer.toUnsignedLong(r.getLt()), at + ": too large");
    require(!r.hasLte() || number <= Integer.toUnsignedLong(r.getLte()), at + ": too large");
  }

  private void duration(Duration duration, Validate.DurationRules rules, String at) {
    java.time.Duration value =
        java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    require(!rules.hasGt() || value.compareTo(java(rules.getGt())) > 0, at + ": too short");
    require(!rules.hasGte() || value.compareTo(java(rules.getGte())) >= 0, at + ": too short");
  }

  private static java.time.Duration java(Duration duration) {
    return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  private void unpack(Any any, String at) {
    try {
      Descriptor type = types.getDescriptorForTypeUrl(any.getTypeUrl());
      require(type != null, at + ": unknown type " + any.getTypeUrl());
      if (type != null) {
        check(DynamicMessage.parseFrom(type, any.getValue()), at + "(" + type.getName() + ")");
      }
    } catch (InvalidProtocolBufferException e) {
      broken.add(at + ": does not parse");
    }
  }

  /** Any byte, \C, is the one thing that RE2 has and Java has not. */
  private static boolean isRegex(String regex) {
    try {
      Pattern.compile(regex.replace("\\C", "."));
      return !regex.isEmpty();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Envoy takes literals here; a name only where a cluster is resolved by DNS. */
  private static boolean isAddress(String address) {
    if (address.endsWith(".")) {
      return address.length() > 1;
    }
    try {
      return InetAddress.ofLiteral(address).getHostAddress() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
