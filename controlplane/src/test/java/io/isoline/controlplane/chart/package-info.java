/** The Helm chart: what it renders, what the API server says to it, what it installs. */
@NullMarked
package io.isoline.controlplane.chart;

import org.jspecify.annotations.NullMarked;
