package io.isoline.controlplane.status;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * A server-side apply of an object's status.
 *
 * @param object the uid of the one that is meant, and the fields that are to be ours; what we wrote
 *     before and is not in it is removed
 * @param fieldManager whose the fields are then
 * @param written is run on the writer's thread when the API server has taken it
 */
record StatusWrite(HasMetadata object, String fieldManager, Runnable written) {}
