package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.model.ResponseHeaders;

/** The headers of answers that a ConfigMap has. */
record HeadersOfConfigMap(ObjectRef configMap, String field) implements FromConfigMap {

  @Override
  public Content read(ConfigMapRecord map) {
    return switch (HeaderList.of(map)) {
      case HeaderList.Usable(var headers) -> new Content.Found(new ResponseHeaders(headers));
      case HeaderList.Unusable(String message, String fix) -> new Content.Unusable(message, fix);
    };
  }
}
