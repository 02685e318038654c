/** Tests of the stores on a real PostgreSQL, which {@link io.deployguard.postgres.TestDatabase} starts once. */
@NullMarked
package io.deployguard.postgres;

import org.jspecify.annotations.NullMarked;
