/**
 * The source "manifests on disk": files and directories of YAML and JSON become Kubernetes objects
 * with the positions of their fields, strictly checked, and are watched for edits.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.manifest;
