package io.deployguard.evidence;

import java.util.Optional;

/**
 * One failure as a file describes it.
 *
 * @param id the writer's own name of the case
 * @param stack language and framework in words, such as {@code node/prisma}; informs people only
 */
public record EvidenceCase(Optional<String> id, Optional<String> stack, EvidenceBundle bundle) {}
