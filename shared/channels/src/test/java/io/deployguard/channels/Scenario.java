package io.deployguard.channels;

import static io.deployguard.channels.IncidentBuilder.anIncidentOf;
import static io.deployguard.classification.RollbackHelps.DEPENDS;
import static io.deployguard.classification.RollbackHelps.DOES_NOT_HELP;
import static io.deployguard.classification.RollbackHelps.HELPS;

import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The stages of the post-mortems that this project exists for, as incidents. */
public enum Scenario {
    MIGRATION_CONFLICT_INVESTIGATING {
        @Override
        public Incident incident() {
            var story = aCrashingApi();
            return story.now(new Progress.Investigating(story.at(Duration.ofSeconds(25)), 1), Duration.ofSeconds(5), 2)
                    .build();
        }
    },
    MIGRATION_CONFLICT_OPENED {
        @Override
        public Incident incident() {
            return aMigrationConflict("observe")
                    .advise(HELPS, OUTLOOK, true, "mode observe: the guard only says what it would do")
                    .now(new Progress.Advised(), Duration.ofSeconds(8), 3)
                    .build();
        }
    },
    MIGRATION_CONFLICT_ASKED {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("ask");
            return story.ask(story.at(Duration.ofMinutes(30)), HELPS, OUTLOOK, "mode ask: a person decides")
                    .answered(Duration.ofMinutes(30), Approval.Open::new)
                    .now(new Progress.Advised(), Duration.ofSeconds(8), 3)
                    .build();
        }
    },
    MIGRATION_CONFLICT_GRANTED {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("ask").act(HELPS, OUTLOOK, "Anna Weber agreed, and " + OUTLOOK);
            var at = story.at(Duration.ofMinutes(4));
            return story.answered(
                            Duration.ofMinutes(30),
                            request -> new Approval.Granted(request, answer(at, "checked with the database team")))
                    .now(new Progress.Planned(at), Duration.ofMinutes(4), 4)
                    .build();
        }
    },
    MIGRATION_CONFLICT_REFUSED {
        @Override
        public Incident incident() {
            var story =
                    aMigrationConflict("ask").advise(HELPS, OUTLOOK, true, "Anna Weber refused: a fix is on its way");
            var at = story.at(Duration.ofMinutes(4));
            return story.answered(
                            Duration.ofMinutes(30),
                            request -> new Approval.Refused(request, answer(at, "a fix is on its way")))
                    .now(new Progress.Advised(), Duration.ofMinutes(4), 4)
                    .build();
        }
    },
    MIGRATION_CONFLICT_EXPIRED {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("ask").advise(HELPS, OUTLOOK, true, "nobody answered in time");
            return story.answered(Duration.ofMinutes(30), request -> new Approval.Expired(request, request.until()))
                    .now(new Progress.Advised(), Duration.ofMinutes(30), 4)
                    .build();
        }
    },
    MIGRATION_CONFLICT_GRANTED_TOO_LATE {
        @Override
        public Incident incident() {
            var story =
                    aMigrationConflict("ask").standDown("Anna Weber agreed, but by then there was nothing left to do");
            var at = story.at(Duration.ofMinutes(4));
            return story.answered(
                            Duration.ofMinutes(30),
                            request -> new Approval.Superseded(
                                    request,
                                    Optional.of(answer(at, "go")),
                                    at.plusSeconds(3),
                                    "the failing revision is no longer the primary one; ecs-svc/99 is"))
                    .now(new Progress.Advised(), Duration.ofSeconds(243), 5)
                    .build();
        }
    },
    MIGRATION_CONFLICT_PLANNED {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("auto").act(HELPS, OUTLOOK, ACTS);
            return story.now(new Progress.Planned(story.at(Duration.ofSeconds(8))), Duration.ofSeconds(8), 3)
                    .build();
        }
    },
    MIGRATION_CONFLICT_VERIFYING {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("auto").act(HELPS, OUTLOOK, ACTS);
            return story.now(
                            new Progress.Verifying(
                                    story.at(Duration.ofSeconds(11)),
                                    "3 of 3 tasks of qivr-api:41 healthy and the deployment complete",
                                    story.definition(41),
                                    Optional.empty()),
                            Duration.ofSeconds(11),
                            4)
                    .build();
        }
    },
    MIGRATION_CONFLICT_HEALED {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("auto").act(HELPS, OUTLOOK, ACTS);
            return story.now(
                            new Progress.Closed(
                                    Outcome.HEALED,
                                    story.at(Duration.ofSeconds(251)),
                                    "3 of 3 tasks of qivr-api:41 have been healthy for 120 s"),
                            Duration.ofSeconds(251),
                            6)
                    .build();
        }
    },
    MIGRATION_CONFLICT_NOT_HEALED {
        @Override
        public Incident incident() {
            var story = aMigrationConflict("auto").act(HELPS, OUTLOOK, ACTS);
            return story.now(
                            new Progress.Closed(
                                    Outcome.NOT_HEALED,
                                    story.at(Duration.ofSeconds(911)),
                                    "after 15 min 1 of 3 tasks of qivr-api:41 is healthy"),
                            Duration.ofSeconds(911),
                            6)
                    .build();
        }
    },
    SCHEMA_MISSING_ADVISED {
        @Override
        public Incident incident() {
            return anIncidentOf("faxi-qa", "faxi-backend", Instant.parse("2025-10-02T14:21:05Z"))
                    .sign(
                            "restart-loop",
                            Duration.ZERO,
                            "2 tasks of faxi-backend:12 failed their container health check within 10 min")
                    .sign("silence", Duration.ofSeconds(290), "no task of the deployment has been healthy for 5 min")
                    .line("log backend", "error: relation \"application_logs\" does not exist")
                    .line(
                            "log backend",
                            "    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:285:98)")
                    .line("fact", "no migration task ran since the last deployment")
                    .runnerUp("migration-conflict", 0.03)
                    .runnerUp("database-unreachable", 0.01)
                    .advice("Run the backend task definition once with the command npm run migrate, in the subnets and"
                            + " security groups of the service, and wait for exit code 0")
                    .advice("Then force a new deployment of the service")
                    .advice("Run migrations as a separate step before each deployment")
                    .cause(
                            "schema-missing",
                            "A table that the release needs does not exist",
                            0.95,
                            "application_logs",
                            DEPENDS,
                            "The application reads table application_logs, which the database does not have, and no"
                                    + " migration task ran since the last deployment")
                    .changed("image of backend: 2.3.0 → 2.4.0")
                    .changed("variable LOG_TO_DATABASE added")
                    .notSeen(
                            "health of targets: denied; allow elasticloadbalancing:DescribeTargetHealth for the detect role")
                    .seen(11, 12, 0, 0, 1, "auto")
                    .diagnosedAfter(Duration.ofSeconds(9))
                    .advise(
                            DEPENDS,
                            "only if faxi-backend:11 does not need table application_logs either",
                            false,
                            "the guard rolls back by itself only when it knows that this helps")
                    .now(new Progress.Advised(), Duration.ofSeconds(290), 4)
                    .build();
        }
    },
    DATABASE_UNREACHABLE_ADVISED {
        @Override
        public Incident incident() {
            var unchanged =
                    "the network path to the database is the same for the earlier revision, which has no healthy task"
                            + " either";
            return anIncidentOf("event-registry-staging", "backend-service", Instant.parse("2026-01-14T09:03:30Z"))
                    .sign("silence", Duration.ZERO, "the deployment has had no healthy task for 6 min")
                    .sign(
                            "impaired-start",
                            Duration.ofSeconds(75),
                            "service backend-service has failed to start a new task")
                    .line("log backend", "Database not ready, waiting...")
                    .line("log backend", "Database not ready, waiting...")
                    .line(
                            "log backend",
                            "psycopg2.OperationalError: connection to server at \"registry-db.internal\" (10.0.3.17), port 5432"
                                    + " failed: timeout expired, user=registry password=[redacted]")
                    .line("container backend", "Task failed container health checks")
                    .runnerUp("database-auth-failed", 0.04)
                    .advice("Check that the security group of the database lets the tasks in on port 5432")
                    .advice("Check the database's host name in the parameter store")
                    .advice("Limit the wait for the database to 60 s, and set startPeriod to 120 s")
                    .cause(
                            "database-unreachable",
                            "The database cannot be reached",
                            0.93,
                            "registry-db.internal:5432",
                            DOES_NOT_HELP,
                            "Connections to registry-db.internal:5432 time out, so the entrypoint waits for ever")
                    .changed("startPeriod of backend: 30 s → 60 s")
                    .seen(7, 8, 0, 0, 2, "auto")
                    .diagnosedAfter(Duration.ofSeconds(12))
                    .advise(DOES_NOT_HELP, unchanged, false, unchanged)
                    .now(new Progress.Advised(), Duration.ofSeconds(75), 4)
                    .build();
        }
    },
    UNKNOWN_CAUSE_ADVISED {
        @Override
        public Incident incident() {
            return anIncidentOf("prod", "checkout", Instant.parse("2026-02-03T02:47:11Z"))
                    .sign("restart-loop", Duration.ZERO, "3 tasks of checkout:88 stopped within 10 min, exit code 1")
                    .line("stopped reason", "Essential container in task exited")
                    .line("log app", "starting checkout 5.1.0")
                    .line("log app", "worker pool: 8")
                    .line("log app", "fatal: refusing to start")
                    .runnerUp("code-error", 0.31)
                    .runnerUp("variable-missing", 0.22)
                    .unknownCause("The container exits with code 1 about 2 s after its start; no rule knows its lines")
                    .changed("image of app: 5.0.9 → 5.1.0")
                    .seen(87, 88, 4, 0, 4, "auto")
                    .diagnosedAfter(Duration.ofSeconds(42))
                    .advise(
                            DEPENDS,
                            "the image changed, and checkout:87 is healthy",
                            false,
                            "the guard acts only on causes it knows")
                    .now(new Progress.Advised(), Duration.ofSeconds(42), 3)
                    .build();
        }
    },
    RECOVERED {
        @Override
        public Incident incident() {
            var at = Instant.parse("2026-01-14T09:31:00Z");
            return anIncidentOf("event-registry-staging", "backend-service", Instant.parse("2026-01-14T09:03:30Z"))
                    .sign("silence", Duration.ZERO, "the deployment has had no healthy task for 6 min")
                    .seen(7, 8, 0, 0, 2, "observe")
                    .now(
                            new Progress.Closed(
                                    Outcome.RECOVERED,
                                    at,
                                    "2 of 2 tasks of backend-service:8 have been healthy for 120 s"),
                            Duration.ofMinutes(28),
                            5)
                    .build();
        }
    },
    SUPERSEDED {
        @Override
        public Incident incident() {
            return aMigrationConflict("observe")
                    .advise(HELPS, OUTLOOK, true, "mode observe: the guard only says what it would do")
                    .now(
                            new Progress.Closed(
                                    Outcome.SUPERSEDED,
                                    Instant.parse("2025-11-08T04:02:00Z"),
                                    "qivr-api:43 is being deployed"),
                            Duration.ofMinutes(22),
                            5)
                    .build();
        }
    };

    private static final String OUTLOOK = "qivr-api:41 ran healthy and does not bring this migration";
    private static final String ACTS =
            "mode auto, confidence above 90%, 3 healthy tasks of the earlier revision, first action"
                    + " on this revision";

    public abstract Incident incident();

    /** Name of its golden file. */
    public String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
    }

    private static IncidentBuilder aCrashingApi() {
        return anIncidentOf("production", "qivr-api", Instant.parse("2025-11-08T03:39:46Z"))
                .sign("restart-loop", Duration.ZERO, "2 tasks of qivr-api:42 stopped within 10 min, exit code 134");
    }

    private static IncidentBuilder aMigrationConflict(String mode) {
        return aCrashingApi()
                .line("log api", "[03:39:43 INF] Applying migration '20251108070500_InitialSaaSDatabase'")
                .line("log api", "[03:39:44 ERR] Failed executing DbCommand (9ms)")
                .line("log api", "Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists")
                .runnerUp("schema-missing", 0.02)
                .advice("Switch off migration at start in production (ApplyMigrations=false in the task definition)")
                .advice("Run migrations as a separate step before the deployment, for instance as a one-off task")
                .advice("Make migrations idempotent and keep track of what has been applied")
                .cause(
                        "migration-conflict",
                        "A migration creates what the database already has",
                        0.97,
                        "clinics",
                        HELPS,
                        "Migration 20251108070500_InitialSaaSDatabase creates table clinics, which exists already, so"
                                + " each task dies at start")
                .changed("image of api: 1.8.0 → 1.9.0")
                .changed("variable ApplyMigrations added")
                .seen(41, 42, 3, 0, 3, mode)
                .diagnosedAfter(Duration.ofSeconds(8));
    }

    private static Approval.Answer answer(Instant at, String reason) {
        return new Approval.Answer(
                new Approval.Person(
                        "Anna Weber", Optional.of("arn:aws:sts::123456789012:assumed-role/ops/anna"), "command line"),
                Optional.of(reason),
                at);
    }
}
