package io.isoline.translator.annotation;

import io.isoline.translator.model.BodyLimit;
import io.isoline.translator.model.ReadTimeout;
import io.isoline.translator.model.Retries;
import io.isoline.translator.model.RouteOptions;
import java.time.Duration;
import java.util.List;

/**
 * What ingress-nginx does with the requests of an Ingress that says nothing of it.
 *
 * @see <a
 *     href="https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/">Defaults
 *     of the ConfigMap</a>
 */
final class NginxDefaults {

  static final RouteOptions OPTIONS =
      new RouteOptions(
          false, List.of(new ReadTimeout(Duration.ofSeconds(60)), new BodyLimit(1 << 20), Retries.OF_NGINX));

  private NginxDefaults() {}
}
