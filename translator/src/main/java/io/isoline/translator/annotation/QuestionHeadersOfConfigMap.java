package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.Template;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.model.Header;
import io.isoline.translator.model.QuestionHeaders;
import java.util.ArrayList;
import java.util.List;

/** The headers that an authentication service gets, as a ConfigMap has them. */
record QuestionHeadersOfConfigMap(ObjectRef configMap, String field) implements FromConfigMap {

  @Override
  public Content read(ConfigMapRecord map) {
    return switch (HeaderList.of(map)) {
      case HeaderList.Usable(var headers) -> templates(headers);
      case HeaderList.Unusable(String message, String fix) -> new Content.Unusable(message, fix);
    };
  }

  private static Content templates(List<Header> headers) {
    List<ExternalCheck.Header> templates = new ArrayList<>();
    for (Header header : headers) {
      try {
        templates.add(new ExternalCheck.Header(header.name(), Template.parse(header.value())));
      } catch (IllegalArgumentException e) {
        return new Content.Unusable(
            "the value of \"" + header.name() + "\": " + e.getMessage(), "correct the value");
      }
    }
    return new Content.Found(new QuestionHeaders(templates));
  }
}
