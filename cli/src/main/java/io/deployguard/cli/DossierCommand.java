package io.deployguard.cli;

import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.report.Dossier;
import picocli.CommandLine.Parameters;

/** A command about all that is remembered of one incident. */
abstract class DossierCommand extends MemoryCommand<Dossier> {

    @Parameters(paramLabel = "ID", description = "of the incident, or its beginning")
    String id = "";

    @Override
    Dossier read(PostgresDatabase database) {
        var incident = GuardMemory.require(id, database);
        return database.transact("read incident", stores -> GuardMemory.dossier(incident, stores));
    }
}
