/** How does a person use it? One class per command. Begin with {@link io.deployguard.cli.DeployGuard}. */
@NullMarked
package io.deployguard.cli;

import org.jspecify.annotations.NullMarked;
