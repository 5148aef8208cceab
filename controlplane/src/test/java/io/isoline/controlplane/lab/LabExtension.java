package io.isoline.controlplane.lab;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests their cluster, and removes the namespaces that a test has made.
 *
 * <p>Clusters are closed by JUnit's stores: the shared ones after the last test of the run, that of
 * a class with its class.
 */
final class LabExtension
    implements ExecutionCondition,
        ParameterResolver,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

  /** Skips what asks for a cluster that there is not; an abort from a parameter is a failure. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!ClusterChoice.required()) {
      for (Class<?> type : parameters(context.getElement().orElseThrow())) {
        if (isCluster(type) && choice(type) instanceof ClusterChoice.None(String reason)) {
          return ConditionEvaluationResult.disabled(reason);
        }
      }
    }
    return ConditionEvaluationResult.enabled("has all that it asks for");
  }

  /** Those of a test; of a class, those that all its tests need. */
  private static List<Class<?>> parameters(AnnotatedElement element) {
    return switch (element) {
      case Executable test -> List.of(test.getParameterTypes());
      case Class<?> type ->
          Stream.concat(
                  Stream.of(type.getDeclaredConstructors()),
                  Stream.of(type.getDeclaredMethods())
                      .filter(method -> method.isAnnotationPresent(BeforeAll.class)))
              .flatMap(executable -> Stream.of(executable.getParameterTypes()))
              .toList();
      default -> List.of();
    };
  }

  private static boolean isCluster(Class<?> type) {
    return type == Cluster.class || type == Lab.class;
  }

  private static ClusterChoice choice(Class<?> type) {
    return type == Lab.class ? ClusterChoice.ofLab() : ClusterChoice.ofCluster();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return isCluster(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ClusterChoice choice = choice(parameter.getParameter().getType());
    if (choice instanceof ClusterChoice.None(String reason)) {
      throw new AssertionError(reason);
    }
    String name = own(context) ? context.getRequiredTestClass().getSimpleName() : "shared";
    Cluster cluster =
        store(context)
            .computeIfAbsent(choice.getClass(), kind -> choice.start(name), Cluster.class);
    context.publishReportEntry(Map.of("cluster", cluster.toString()));
    return cluster;
  }

  /** The store of the class, or of the whole run when the class shares its lab. */
  private static Store store(ExtensionContext context) {
    ExtensionContext owner = context;
    if (own(context)) {
      while (owner.getTestMethod().isPresent()) {
        owner = owner.getParent().orElseThrow();
      }
    } else {
      owner = context.getRoot();
    }
    return owner.getStore(NAMESPACE);
  }

  private static boolean own(ExtensionContext context) {
    WithLab wanted = context.getRequiredTestClass().getAnnotation(WithLab.class);
    return wanted != null && wanted.own();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    forEachCluster(context, Cluster::enterTest);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    forEachCluster(context, Cluster::leaveTest);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    forEachCluster(context, Cluster::leaveClass);
  }

  private static void forEachCluster(ExtensionContext context, Consumer<Cluster> action) {
    for (Class<? extends ClusterChoice> kind :
        List.of(ClusterChoice.OfLab.class, ClusterChoice.Existing.class, ClusterChoice.K3s.class)) {
      Cluster cluster = store(context).get(kind, Cluster.class);
      if (cluster != null) {
        action.accept(cluster);
      }
    }
  }
}
