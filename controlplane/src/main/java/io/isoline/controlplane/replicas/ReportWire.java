package io.isoline.controlplane.replicas;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.kube.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link ReplicaReport} as a protobuf Struct:
 *
 * <pre>
 * envoys: 3
 * programmed: [[namespace, name, state, acknowledged, envoys], ...]
 * gone: [[namespace, name], ...]
 * refusals: [[kind, namespace, name, [message, fix], ...], ...]
 * </pre>
 */
final class ReportWire {

  private ReportWire() {}

  static Struct encode(ReplicaReport report) {
    ListValue.Builder programmed = ListValue.newBuilder();
    for (ProgrammedIngress each : report.programmed()) {
      programmed.addValues(
          list(
              text(each.ingress().namespace()),
              text(each.ingress().name()),
              text(each.state()),
              number(each.acknowledged()),
              number(each.envoys())));
    }
    ListValue.Builder gone = ListValue.newBuilder();
    report.gone().forEach(ref -> gone.addValues(list(text(ref.namespace()), text(ref.name()))));
    ListValue.Builder refusals = ListValue.newBuilder();
    report
        .refusals()
        .forEach(
            (object, verdicts) -> {
              List<Value> parts = new ArrayList<>();
              parts.add(text(object.kind().text()));
              parts.add(text(object.namespace()));
              parts.add(text(object.name()));
              verdicts.forEach(v -> parts.add(list(text(v.message()), text(v.fix()))));
              refusals.addValues(list(parts.toArray(new Value[0])));
            });
    return Struct.newBuilder()
        .putFields("envoys", number(report.envoys()))
        .putFields("programmed", Value.newBuilder().setListValue(programmed).build())
        .putFields("gone", Value.newBuilder().setListValue(gone).build())
        .putFields("refusals", Value.newBuilder().setListValue(refusals).build())
        .build();
  }

  /**
   * Reads a report.
   *
   * @throws IllegalArgumentException when it is none
   */
  static ReplicaReport decode(Struct struct) {
    List<ProgrammedIngress> programmed = new ArrayList<>();
    for (List<Value> parts : lists(struct, "programmed", 5)) {
      programmed.add(
          new ProgrammedIngress(
              ObjectRef.ingress(text(parts.get(0)), text(parts.get(1))),
              text(parts.get(2)),
              count(parts.get(3)),
              count(parts.get(4)),
              InForce.NOTHING));
    }
    List<ObjectRef> gone = new ArrayList<>();
    for (List<Value> parts : lists(struct, "gone", 2)) {
      gone.add(ObjectRef.ingress(text(parts.get(0)), text(parts.get(1))));
    }
    Map<ObjectRef, List<Verdict>> refusals = new HashMap<>();
    for (List<Value> parts : lists(struct, "refusals", 3)) {
      ObjectRef object =
          new ObjectRef(Kind.of(text(parts.get(0))), text(parts.get(1)), text(parts.get(2)));
      refusals.put(
          object,
          parts.subList(3, parts.size()).stream()
              .map(
                  part -> {
                    List<Value> words = part.getListValue().getValuesList();
                    require(words.size() == 2, "a refusal has a message and a fix");
                    return new Verdict(
                        object,
                        "",
                        Outcome.REFUSED,
                        Reason.RejectedByEnvoy,
                        text(words.get(0)),
                        text(words.get(1)));
                  })
              .toList());
    }
    return new ReplicaReport(
        count(struct.getFieldsOrDefault("envoys", Value.getDefaultInstance())),
        programmed,
        gone,
        refusals);
  }

  private static List<List<Value>> lists(Struct struct, String field, int atLeast) {
    List<List<Value>> lists = new ArrayList<>();
    Value all = struct.getFieldsOrDefault(field, Value.getDefaultInstance());
    for (Value each : all.getListValue().getValuesList()) {
      List<Value> parts = each.getListValue().getValuesList();
      require(parts.size() >= atLeast, field + " has an entry that is too short");
      lists.add(parts);
    }
    return lists;
  }

  private static String text(Value value) {
    require(value.hasStringValue(), "a text is expected");
    return value.getStringValue();
  }

  private static int count(Value value) {
    double number = value.getNumberValue();
    require(
        value.hasNumberValue() && number >= 0 && number <= Integer.MAX_VALUE,
        "a number from 0 on is expected");
    return (int) number;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value number(int number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  private static Value list(Value... values) {
    return Value.newBuilder()
        .setListValue(ListValue.newBuilder().addAllValues(List.of(values)))
        .build();
  }
}
