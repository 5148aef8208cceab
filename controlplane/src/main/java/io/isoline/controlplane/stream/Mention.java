package io.isoline.controlplane.stream;

import com.google.protobuf.ByteString;
import io.isoline.translator.Resource;

/**
 * Finds a resource's name in the bytes of another one. It may find a name that is part of a longer
 * one, so it is fit only for questions where a wrong yes does no harm.
 */
final class Mention {
  private final ByteString name;

  Mention(String name) {
    this.name = ByteString.copyFromUtf8(name);
  }

  boolean isIn(Resource resource) {
    ByteString body = resource.body().getValue();
    int last = body.size() - name.size();
    for (int at = 0; at <= last; at++) {
      if (matches(body, at)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(ByteString body, int at) {
    for (int i = 0; i < name.size(); i++) {
      if (body.byteAt(at + i) != name.byteAt(i)) {
        return false;
      }
    }
    return true;
  }
}
