package io.isoline.controlplane.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.InForce;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportWireTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final ObjectRef SECRET = ObjectRef.secret("default", "tls");

  @Test
  void decode_whatWasEncoded_isTheSame() {
    Verdict refused =
        new Verdict(SECRET, "", Outcome.REFUSED, Reason.RejectedByEnvoy, "bad", "mend it");
    ReplicaReport report =
        new ReplicaReport(
            3,
            List.of(new ProgrammedIngress(WEB, "cafe", 2, 3, InForce.NOTHING)),
            List.of(ObjectRef.ingress("other", "gone")),
            Map.of(SECRET, List.of(refused), WEB, List.of()));
    assertEquals(report, ReportWire.decode(ReportWire.encode(report)));
  }

  @Test
  void decode_somethingElse_isRefused() {
    Struct noCount = Struct.getDefaultInstance();
    assertThrows(IllegalArgumentException.class, () -> ReportWire.decode(noCount));
    Struct tooShort =
        ReportWire.encode(ReplicaReport.ofEnvoys(1)).toBuilder()
            .putFields(
                "gone",
                Value.newBuilder()
                    .setListValue(
                        ListValue.newBuilder()
                            .addValues(
                                Value.newBuilder().setListValue(ListValue.getDefaultInstance())))
                    .build())
            .build();
    assertThrows(IllegalArgumentException.class, () -> ReportWire.decode(tooShort));
  }

  /** A later version may say more. */
  @Test
  void decode_unknownFields_areIgnored() {
    Struct more =
        ReportWire.encode(ReplicaReport.ofEnvoys(1)).toBuilder()
            .putFields("more", Value.newBuilder().setStringValue("x").build())
            .build();
    assertEquals(ReplicaReport.ofEnvoys(1), ReportWire.decode(more));
  }
}
