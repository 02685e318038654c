/** The guard's own schema, as a step of its own. Begin with {@link io.deployguard.functions.migrate.MigrateHandler}. */
@NullMarked
package io.deployguard.functions.migrate;

import org.jspecify.annotations.NullMarked;
