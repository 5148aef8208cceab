package io.isoline.translator.envoy;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Turns protos into bytes that are the same in every process, and gives them versions.
 *
 * <p>A large resource is made of {@link Part parts}, each serialised and hashed once: a change of
 * one part costs a copy of the others, not their serialisation or hash.
 */
final class Packing {

  private static final String ANY_PREFIX = "type.googleapis.com/";

  private Packing() {}

  /** A submessage of a repeated field, ready to be copied. */
  record Part(ByteString bytes, ByteString hash) {}

  static Part part(Message message) {
    byte[] bytes = bytes(message);
    return new Part(wrap(bytes), wrap(Sha256.digest().digest(bytes)));
  }

  static Any any(Message message) {
    return Any.newBuilder()
        .setTypeUrl(typeUrl(message.getDescriptorForType()))
        .setValue(wrap(bytes(message)))
        .build();
  }

  static String typeUrl(Descriptor type) {
    return ANY_PREFIX + type.getFullName();
  }

  static TypedExtensionConfig extension(String name, Message config) {
    return TypedExtensionConfig.newBuilder().setName(name).setTypedConfig(any(config)).build();
  }

  static Resource resource(ResourceType type, String name, Message message) {
    byte[] bytes = bytes(message);
    return resource(type, name, bytes, Sha256.digest().digest(bytes));
  }

  /**
   * A resource whose repeated field is given by parts.
   *
   * @param rest all but that field
   * @param field the number of that field
   * @param parts its elements in order
   */
  static Resource resource(
      ResourceType type, String name, Message rest, int field, Collection<Part> parts) {
    byte[] head = bytes(rest);
    MessageDigest hash = Sha256.digest();
    hash.update(head);
    int size = head.length;
    for (Part part : parts) {
      hash.update(part.hash().asReadOnlyByteBuffer());
      size +=
          CodedOutputStream.computeTagSize(field)
              + CodedOutputStream.computeBytesSizeNoTag(part.bytes());
    }
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeRawBytes(head);
      for (Part part : parts) {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeBytesNoTag(part.bytes());
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return resource(type, name, bytes, hash.digest());
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  private static Resource resource(ResourceType type, String name, byte[] bytes, byte[] hash) {
    return new Resource(
        type,
        name,
        HexFormat.of().formatHex(hash, 0, 16),
        Any.newBuilder()
            .setTypeUrl(type.typeUrl())
            .setValue(wrap(bytes))
            .build());
  }

  /** Without a copy: nobody else has the array. */
  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** Maps have no order of their own; this gives them one. */
  private static byte[] bytes(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
