package io.isoline.controlplane.envoy;

import io.isoline.envoy.XdsProtocol;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test class a control plane with an Envoy of its own, as a parameter of type {@link
 * Proxy}. Before each test the settings are the defaults again; the objects are those that the test
 * applies.
 *
 * <p>Says on the console and in the report which Envoy it was.
 */
final class EnvoyExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(EnvoyExtension.class);

  /** Marks a test class that needs a {@link Proxy}. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(EnvoyExtension.class)
  @interface WithEnvoy {
    XdsProtocol protocol() default XdsProtocol.DELTA;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    WithEnvoy wanted = context.getRequiredTestClass().getAnnotation(WithEnvoy.class);
    EnvoyLauncher launcher = EnvoyLauncher.get();
    Proxy proxy = Proxy.start(launcher, wanted == null ? XdsProtocol.DELTA : wanted.protocol());
    // The store closes it after the last test of the class.
    context.getStore(NAMESPACE).put(Proxy.class, proxy);
    String which = "Envoy " + proxy.envoy().version() + ", " + launcher;
    System.out.println(context.getDisplayName() + " runs on " + which);
    context.publishReportEntry(Map.of("envoy", which));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    proxy(context).reset();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Proxy.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return proxy(context);
  }

  private static Proxy proxy(ExtensionContext context) {
    Proxy proxy = context.getStore(NAMESPACE).get(Proxy.class, Proxy.class);
    if (proxy == null) {
      throw new IllegalStateException("no Envoy was started for " + context.getDisplayName());
    }
    return proxy;
  }
}
