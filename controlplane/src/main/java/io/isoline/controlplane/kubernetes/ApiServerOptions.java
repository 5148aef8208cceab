package io.isoline.controlplane.kubernetes;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says about the API server; all null where the environment is to say it.
 *
 * @param kubeconfig a kubeconfig file
 * @param context the context to use of the kubeconfig; its current one when null
 * @param server the URL of the API server, instead of the one in a kubeconfig
 */
public record ApiServerOptions(
    @Nullable Path kubeconfig, @Nullable String context, @Nullable String server) {}
