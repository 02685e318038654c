/**
 * Where is it remembered? The stores of the core's ports on PostgreSQL, in the part of its SQL that Aurora DSQL shares: keys made by us, no
 * locks held over a call, conflicts retried in one place. Begin with {@link io.deployguard.postgres.PostgresDatabase}; the tables stand in
 * {@code db/V001__*.sql} and are brought by {@link io.deployguard.postgres.SchemaMigrator}.
 */
@NullMarked
package io.deployguard.postgres;

import org.jspecify.annotations.NullMarked;
