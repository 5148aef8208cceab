package io.isoline.controlplane.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class whose methods, or constructor, take a {@link Cluster} or a {@link Lab}.
 *
 * <p>Where there is none, the tests are reported as skipped, with the way to enable them; with
 * {@code -Disoline.lab=required} they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface WithLab {

  /**
   * Whether the class gets a lab that no other class sees: for tests that break the cluster, or
   * count what is in it. Others share one, each test in namespaces of its own.
   */
  boolean own() default false;
}
