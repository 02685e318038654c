/**
 * What happened, looking back? One incident as a post-mortem, many as numbers, and what the guard would have done. Pure; begin with
 * {@link io.deployguard.report.Dossier}.
 */
@NullMarked
package io.deployguard.report;

import org.jspecify.annotations.NullMarked;
