package io.deployguard.decision;

import io.deployguard.classification.Remedy;
import java.util.Optional;

/**
 * What is done beside or instead of a plain rollback, where the settings and the service's tags both want it.
 *
 * @param inWords what it would do, such as {@code run migration task web-migrate, then deploy web:42 once more}
 * @param obstacle why it could not be carried out right now, in words
 */
public record OtherRemedy(Remedy.Automatic remedy, String inWords, Optional<String> obstacle) {}
