package io.isoline.controlplane.engine;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.ingress.InForce;

/**
 * How far an Ingress of ours, as it is now, has come on its way to the Envoys of this replica.
 *
 * @param ingress which one
 * @param state a hash of the Ingress and of what became of it: equal on all replicas that have the
 *     same state of it, whatever words their verdicts use; see {@link IngressState}
 * @param acknowledged how many Envoys acknowledged everything that it needs: its routes, the
 *     listeners, and their certificates
 * @param envoys how many are connected; 0 when there is nobody to acknowledge
 * @param inForce how much of it is in force; replicas do not report this, as it is equal where the
 *     states are equal
 */
public record ProgrammedIngress(
    ObjectRef ingress, String state, int acknowledged, int envoys, InForce inForce) {}
