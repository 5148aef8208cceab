package io.isoline.translator.model;

import io.isoline.translator.credentials.ExternalCheck;
import java.util.List;

/** Headers for the service that an {@link AccessCheck} asks; without one they mean nothing. */
public record QuestionHeaders(List<ExternalCheck.Header> headers) implements RouteOption {
  public QuestionHeaders {
    headers = List.copyOf(headers);
  }
}
