/** Deploy Guard. Each package below answers one question of the flow event → detection → evidence → cause → decision → action → message. */
@NullMarked
package io.deployguard;

import org.jspecify.annotations.NullMarked;
