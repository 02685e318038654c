#!/usr/bin/env python3
"""Runs the programs of ./stacks (Spring Boot, Go, Rust, Ruby, PHP) into faults of databases, migrations and brokers; writes labelled cases.

usage: stacks.py OUT.jsonl

Needs PostgreSQL and MariaDB servers, and in the working directory what the programs are built from; what is not there is left out and said so:
lib/*.jar (the Spring Boot starters web, data-jpa, jdbc, jooq, data-redis, data-mongodb, amqp; spring-kafka, flyway-core with its PostgreSQL and MySQL
modules, liquibase-core, postgresql, mysql-connector-j, mariadb-java-client, mssql-jdbc), ./orders-go (stacks/main.go), ./orders-rs (stacks/main.rs);
Debian's ruby-activerecord ruby-pg ruby-mysql2 ruby-redis ruby-bunny, php-cli php-pgsql php-mysql php-laravel-framework php-doctrine-dbal.
Spring Boot 3.3 runs on Java 17 to 23. Stack frames beyond the third of a block are left out.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import databases
from databases import CASES, HERE, WORK, MariaDb, Postgres, run

PROGRAMS = pathlib.Path(__file__).resolve().parent / "stacks"
NOBODY = "127.0.0.9"  # Nothing listens there, on whichever port: the usual ports can stand in the logs.
FRAME = re.compile(r"^\s+(?:at |\.\.\. \d+|from /)|^#\d+ /")


def case(name, stack, cause, command, key=None, helps=None, env=None):
    before = len(CASES)
    databases.case(name, stack, cause, command, key, helps, {"RUST_BACKTRACE": "0", **(env or {})})
    for added in CASES[before:]:
        lines, frames = [], 0
        for line in added["evidence"]["logs"]:
            frames = frames + 1 if FRAME.match(line) else 0
            if frames <= 3:
                lines.append(line.replace(str(PROGRAMS), "/app"))
        added["evidence"]["logs"] = lines


def folder(name, files):
    made = WORK / name
    made.mkdir()
    for file, body in files.items():
        (made / file).write_text(body)
    return made


def spring(pg, my):
    jars = sorted((HERE / "lib").glob("*.jar"))
    if not jars:
        print("left out: Spring Boot", file=sys.stderr)
        return
    classes = WORK / "classes"
    path = ":".join(map(str, jars))
    subprocess.run(["javac", "--release", "17", "-cp", path, "-d", str(classes), str(PROGRAMS / "Shop.java")], check=True)
    quiet = ["--management.health.redis.enabled=false", "--server.port=0", "--spring.main.banner-mode=off", "--spring.jpa.open-in-view=false"]
    outside = ["org.springframework.boot.autoconfigure." + each for each in ("mongo.MongoAutoConfiguration", "data.mongo.MongoDataAutoConfiguration")]
    schema = ["--spring.flyway.enabled=false", "--spring.liquibase.enabled=false"]

    def start(name, cause, what, arguments, key=None, helps=None, stack="java/spring-boot"):
        case("spring-" + name, stack, cause, ["java", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", f"{classes}:{path}", "shop.Shop", what, *arguments], key, helps)

    def source(database="shop", user="app", password="app-pass-1", port=None, query="", url=None, driver=None):
        given = url or f"jdbc:postgresql://127.0.0.1:{port or pg.port}/{database}{query}"
        return [f"--spring.datasource.url={given}", f"--spring.datasource.username={user}", f"--spring.datasource.password={password}",
                "--spring.datasource.hikari.connection-timeout=2000", "--spring.datasource.hikari.initialization-fail-timeout=1",
                f"--spring.autoconfigure.exclude={','.join(outside)}", *quiet, *([f"--spring.datasource.driver-class-name={driver}"] if driver else [])]

    start("postgres-refused", "database-unreachable", "web", source(url=f"jdbc:postgresql://{NOBODY}:5432/shop") + schema, f"{NOBODY}:5432", "no")
    start("postgres-password", "database-auth-failed", "web", source(password="wrong") + schema, "app")
    start("postgres-no-role", "database-auth-failed", "web", source(user="ghost") + schema, "ghost")
    start("postgres-no-database", "database-missing", "web", source(database="not_there") + schema, "not_there")
    start("postgres-tls-demanded", "database-tls-required", "web", source(user="tlsonly", query="?sslmode=disable") + schema)
    start("postgres-tls-not-offered", "database-tls-required", "web", source(query="?sslmode=require") + schema)
    start("postgres-limit", "database-connections-exhausted", "web", source(user="limited") + schema, None, "no")
    start("postgres-unknown-host", "dns-resolution-failed", "web", source(url="jdbc:postgresql://orders-db.svc.invalid:5432/shop") + schema, "orders-db.svc.invalid")
    start("postgres-bad-url", "invalid-config", "web", source(url="postgres://orders-db:5432/shop") + schema, None, "yes")
    start("query-missing-table", "schema-missing", "query", source() + schema, "invoices")
    start("jooq-missing-table", "schema-missing", "jooq", source() + schema, "invoices")
    start("validate-missing-table", "schema-missing", "web", source() + schema + ["--spring.jpa.hibernate.ddl-auto=validate"], "refunds")
    pg.sql("create table refunds(id bigint primary key); alter table refunds owner to app")
    start("validate-missing-column", "schema-missing", "web", source() + schema + ["--spring.jpa.hibernate.ddl-auto=validate"], "reason_code")
    for driver, url in (("mysql", "jdbc:mysql"), ("mariadb", "jdbc:mariadb")):
        at = f"{url}://127.0.0.1:{my.port}/shop"
        start(f"{driver}-refused", "database-unreachable", "web", source(url=f"{url}://{NOBODY}:3306/shop") + schema, None, "no")
        start(f"{driver}-password", "database-auth-failed", "web", source(url=at, password="wrong") + schema, "app")
        start(f"{driver}-no-database", "database-missing", "web", source(url=f"{url}://127.0.0.1:{my.port}/not_there", user="root", password="") + schema, "not_there")
        start(f"{driver}-missing-table", "schema-missing", "query", source(url=at) + schema, "shop.invoices")
    start("sqlserver-refused", "database-unreachable", "web", source(url=f"jdbc:sqlserver://{NOBODY}:1433;databaseName=shop;loginTimeout=3") + schema, None, "no")
    start("sqlserver-unknown-host", "dns-resolution-failed", "web", source(url="jdbc:sqlserver://sql.svc.invalid:1433;databaseName=shop;loginTimeout=3") + schema, "sql.svc.invalid")

    def flyway(name, cause, files, key=None, helps=None, sql=None, first=None, user="app", maria=False, more=()):
        database = "fly_" + name.replace("-", "_")
        where = folder("fly-" + name, files if first is None else first)
        if maria:
            my.sql(f"create database {database}; grant all on {database}.* to app@'127.0.0.1'")
            given = source(url=f"jdbc:mariadb://127.0.0.1:{my.port}/{database}")
        else:
            pg.fresh(database)
            given = source(database=database, user=user)
        arguments = given + ["--spring.liquibase.enabled=false", f"--spring.flyway.locations=filesystem:{where}", *more]
        command = ["java", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", f"{classes}:{path}", "shop.Shop", "web", *arguments]
        if first is not None:
            started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for line in started.stdout:
                if "Started Shop" in line or "Application run failed" in line:
                    break
            started.terminate()
            started.communicate()
            shutil.rmtree(where)
            where = folder("fly-" + name, files)
        if sql:
            pg.sql(sql, database, "admin")
        case("flyway-" + name, "java/spring-boot", cause, command, key, helps)

    users = {"V1__users.sql": "create table users(id int primary key);"}
    flyway("conflict", "migration-conflict", {"V1__init.sql": "select 1;", "V2__users.sql": "create table customers(id int); create table customers(id int);"}, "customers", "yes")
    flyway("not-empty", "migration-conflict", users, None, None, "create table anything(id int)")
    flyway("checksum", "migration-history-mismatch", {"V1__users.sql": "create table users(id int primary key, name text);"}, None, "yes", first=users)
    flyway("gone", "migration-history-mismatch", {"V2__more.sql": "create table more(id int);"}, None, "yes", first=users)
    flyway("late", "migration-history-mismatch", {**users, "V1_1__late.sql": "select 1;", "V2__more.sql": "select 2;"}, None, "yes", first={**users, "V2__more.sql": "select 2;"})
    flyway("failed-before", "migration-history-mismatch", {"V1__a.sql": "create table a(id int); create table a(id int);"}, None, "yes", first={"V1__a.sql": "create table a(id int); create table a(id int);"}, maria=True)
    flyway("unique", "migration-failed", {"V1__a.sql": "create table a(id int); insert into a values (1),(1);", "V2__unique.sql": "create unique index a_id on a(id);"}, "a_id")
    flyway("missing", "migration-failed", {"V1__a.sql": "alter table vendors add tax_id text;"}, "vendors")
    flyway("syntax", "migration-failed", {"V1__a.sql": "creat table vendors(id int);"}, None)
    flyway("maria-duplicate", "migration-failed", {"V1__a.sql": "create table a(id int); insert into a values (1),(1); create unique index a_id on a(id);"}, None, maria=True)
    flyway("denied", "database-permission-denied", users, "public", None, user="reader")

    def liquibase(name, cause, changes, key=None, helps=None, sql=None, first=None, user="app", more=()):
        database = pg.fresh("liq_" + name.replace("-", "_"))
        head = "--liquibase formatted sql\n"
        where = folder("liq-" + name, {"changelog.sql": head + (changes if first is None else first)})
        arguments = source(database=database, user=user) + ["--spring.flyway.enabled=false", f"--spring.liquibase.change-log=file:{where}/changelog.sql", *more]
        command = ["java", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Dliquibase.changelogLockWaitTimeInMinutes=0", "-cp", f"{classes}:{path}", "shop.Shop", "web", *arguments]
        if first is not None:
            started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for line in started.stdout:
                if "Started Shop" in line or "Application run failed" in line:
                    break
            started.terminate()
            started.communicate()
            (where / "changelog.sql").write_text(head + changes)
        if sql:
            pg.sql(sql, database, "admin")
        case("liquibase-" + name, "java/spring-boot", cause, command, key, helps)

    create = "--changeset ops:1\ncreate table carts(id int);\n"
    liquibase("conflict", "migration-conflict", create, "carts", "yes", "create table carts(id int)")
    liquibase("checksum", "migration-history-mismatch", create.replace("int", "bigint"), None, "yes", first=create)
    liquibase("locked", "migration-locked", create + "--changeset ops:2\nselect 1;\n", None, "no", "update databasechangeloglock set locked=true, lockedby='ip-10-0-4-9.eu-west-1.compute.internal (10.0.4.9)', lockgranted=now()", first=create)
    liquibase("failed", "migration-failed", "--changeset ops:1\ncreate table a(id int not null); insert into a values (null);\n", "id")
    liquibase("missing", "migration-failed", "--changeset ops:1\nalter table vendors add tax_id text;\n", "vendors")
    liquibase("denied", "database-permission-denied", create, None, None, user="reader")
    liquibase("precondition", "migration-failed", "--changeset ops:1\n--preconditions onFail:HALT\n--precondition-sql-check expectedResult:1 select 0\nselect 1;\n")

    plain = ["--spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration,org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration", *quiet, *schema]
    without_mongo = [plain[0] + "," + ",".join(outside), *plain[1:]]
    start("no-datasource", "missing-config", "web", [f"--spring.autoconfigure.exclude={','.join(outside)}", *quiet, *schema], None, "yes")
    start("redis-refused", "dependency-unreachable", "redis", without_mongo + [f"--spring.data.redis.host={NOBODY}"], f"{NOBODY}:6379", "no")
    start("rabbit-refused", "dependency-unreachable", "rabbit", without_mongo + [f"--spring.rabbitmq.host={NOBODY}"], None, "no")
    start("kafka-refused", "dependency-unreachable", "kafka", without_mongo + [f"--spring.kafka.bootstrap-servers={NOBODY}:9092", "--spring.kafka.producer.properties.max.block.ms=4000"], f"{NOBODY}:9092", "no")
    start("kafka-unknown-host", "dns-resolution-failed", "kafka", without_mongo + ["--spring.kafka.bootstrap-servers=broker.svc.invalid:9092"], "broker.svc.invalid")
    start("mongo-refused", "database-unreachable", "mongo", plain + [f"--spring.data.mongodb.uri=mongodb://{NOBODY}:27017/shop?serverSelectionTimeoutMS=3000"], f"{NOBODY}:27017", "no")
    start("mongo-unknown-host", "dns-resolution-failed", "mongo", plain + ["--spring.data.mongodb.uri=mongodb://docs.svc.invalid:27017/shop?serverSelectionTimeoutMS=3000"], "docs.svc.invalid")
    start("kafka-admin-refused", "dependency-unreachable", "kafka-plain", [f"{NOBODY}:9092"], f"{NOBODY}:9092", "no", "java/kafka")
    start("mongo-driver-refused", "database-unreachable", "mongo-plain", [f"mongodb://{NOBODY}:27017/?serverSelectionTimeoutMS=3000"], f"{NOBODY}:27017", "no", "java/mongo")


def go(pg, my):
    binary = HERE / "orders-go"
    if not binary.exists():
        print("left out: Go", file=sys.stderr)
        return

    def start(name, cause, *arguments, key=None, helps=None, stack="go"):
        case("go-" + name, stack, cause, [str(binary), *map(str, arguments)], key, helps)

    off = "?sslmode=disable"
    for driver in ("pgx", "pgxpool", "pq", "gorm"):
        start(f"{driver}-refused", "database-unreachable", driver, pg.url(host=NOBODY, port=5432, query=off), "select 1", key=f"{NOBODY}:5432", helps="no", stack=f"go/{driver}")
        start(f"{driver}-password", "database-auth-failed", driver, pg.url(password="wrong", query=off), "select 1", key="app", stack=f"go/{driver}")
        start(f"{driver}-no-database", "database-missing", driver, pg.url(database="not_there", query=off), "select 1", key="not_there", stack=f"go/{driver}")
        start(f"{driver}-tls-demanded", "database-tls-required", driver, pg.url(user="tlsonly", query=off), "select 1", stack=f"go/{driver}")
        start(f"{driver}-tls-not-offered", "database-tls-required", driver, pg.url(query="?sslmode=require"), "select 1", stack=f"go/{driver}")
        start(f"{driver}-limit", "database-connections-exhausted", driver, pg.url(user="limited", query=off), "select 1", helps="no", stack=f"go/{driver}")
        start(f"{driver}-unknown-host", "dns-resolution-failed", driver, pg.url(host="orders-db.svc.invalid", query=off), "select 1", key="orders-db.svc.invalid", stack=f"go/{driver}")
    for driver in ("pgx", "pq"):
        start(f"{driver}-missing-table", "schema-missing", driver, pg.url(query=off), "select * from invoices", key="invoices", stack=f"go/{driver}")
        start(f"{driver}-denied", "database-permission-denied", driver, pg.url(user="reader", query=off), "select * from ledger", key="ledger", stack=f"go/{driver}")
    at = f"tcp(127.0.0.1:{my.port})/"
    start("mysql-refused", "database-unreachable", "mysql", f"app:app-pass-1@tcp({NOBODY}:3306)/shop", "select 1", helps="no", stack="go/mysql")
    start("mysql-password", "database-auth-failed", "mysql", f"app:wrong@{at}shop", "select 1", key="app", stack="go/mysql")
    start("mysql-no-database", "database-missing", "mysql", f"root:@{at}not_there", "select 1", key="not_there", stack="go/mysql")
    start("mysql-missing-table", "schema-missing", "mysql", f"app:app-pass-1@{at}shop", "select * from invoices", key="shop.invoices", stack="go/mysql")
    start("mysql-denied", "database-permission-denied", "mysql", f"reader:app-pass-1@{at}vault", "select 1", stack="go/mysql")
    start("gorm-mysql-refused", "database-unreachable", "gorm-mysql", f"app:app-pass-1@tcp({NOBODY}:3306)/shop", helps="no", stack="go/gorm")
    start("redis-refused", "dependency-unreachable", "redis", f"redis://{NOBODY}:6379/0", helps="no", key=f"{NOBODY}:6379", stack="go/redis")
    start("redis-unknown-host", "dns-resolution-failed", "redis", "redis://cache.svc.invalid:6379/0", key="cache.svc.invalid", stack="go/redis")
    start("amqp-refused", "dependency-unreachable", "amqp", f"amqp://guest:guest@{NOBODY}:5672/", helps="no", key=f"{NOBODY}:5672", stack="go/amqp")
    start("kafka-refused", "dependency-unreachable", "kafka", f"{NOBODY}:9092", helps="no", key=f"{NOBODY}:9092", stack="go/kafka")
    start("mongo-refused", "database-unreachable", "mongo", f"mongodb://{NOBODY}:27017", helps="no", key=f"{NOBODY}:27017", stack="go/mongo")

    def migrate(name, cause, files, key=None, helps=None, sql=None, user="app", tool="migrate", first=None):
        database = pg.fresh(f"{tool}_{name}".replace("-", "_"))
        where = folder(f"{tool}-{name}", files if first is None else first)
        url = pg.url(database=database, user=user, query=off)
        if first is not None:
            run([str(binary), tool, url, str(where)])
            shutil.rmtree(where)
            where = folder(f"{tool}-{name}", files)
        if sql:
            pg.sql(sql, database, "admin")
        case(f"go-{tool}-{name}", f"go/{'golang-migrate' if tool == 'migrate' else tool}", cause, [str(binary), tool, url, str(where)], key, helps)

    one = {"001_init.up.sql": "create table users(id int);", "001_init.down.sql": "drop table users;"}
    migrate("conflict", "migration-conflict", one, "users", "yes", "create table users(id int)")
    migrate("dirty", "migration-history-mismatch", one, "1", "yes", first={"001_init.up.sql": "creat table users(id int);"})
    migrate("gone", "migration-history-mismatch", one, "7", "yes", first={"007_later.up.sql": "select 1;", "007_later.down.sql": "select 1;"})
    migrate("syntax", "migration-failed", {"001_init.up.sql": "creat table users(id int);"})
    migrate("missing", "migration-failed", {"001_init.up.sql": "alter table vendors add tax_id text;"}, "vendors")
    migrate("unique", "migration-failed", {"001_init.up.sql": "create table a(id int); insert into a values (1),(1); create unique index a_id on a(id);"}, "a_id")
    migrate("denied", "database-permission-denied", one, "public", None, user="reader")
    goose = lambda sql: f"-- +goose Up\n{sql}\n"
    migrate("conflict", "migration-conflict", {"00001_users.sql": goose("create table users(id int);")}, "users", "yes", "create table users(id int)", tool="goose")
    migrate("late", "migration-history-mismatch", {"00001_a.sql": goose("select 1;"), "00002_b.sql": goose("select 1;"), "00003_c.sql": goose("select 1;")}, None, "yes", first={"00001_a.sql": goose("select 1;"), "00003_c.sql": goose("select 1;")}, tool="goose")
    migrate("missing", "migration-failed", {"00001_users.sql": goose("alter table vendors add tax_id text;")}, "vendors", tool="goose")
    migrate("denied", "database-permission-denied", {"00001_users.sql": goose("create table users(id int);")}, "public", None, user="reader", tool="goose")


def rust(pg, my):
    binary = HERE / "orders-rs"
    if not binary.exists():
        print("left out: Rust", file=sys.stderr)
        return

    def start(name, cause, *arguments, key=None, helps=None, stack="rust/sqlx"):
        case("rust-" + name, stack, cause, [str(binary), *map(str, arguments)], key, helps)

    for driver in ("sqlx", "tokio-postgres", "tokio-postgres-unwrap"):
        stack = "rust/sqlx" if driver == "sqlx" else "rust/tokio-postgres"
        start(f"{driver}-refused", "database-unreachable", driver, pg.url(host=NOBODY, port=5432), "select 1", helps="no", stack=stack)
        start(f"{driver}-password", "database-auth-failed", driver, pg.url(password="wrong"), "select 1", key="app", stack=stack)
        start(f"{driver}-no-database", "database-missing", driver, pg.url(database="not_there"), "select 1", key="not_there", stack=stack)
        start(f"{driver}-tls-demanded", "database-tls-required", driver, pg.url(user="tlsonly", query="?sslmode=disable"), "select 1", stack=stack)
        start(f"{driver}-missing-table", "schema-missing", driver, pg.url(), "select * from invoices", key="invoices", stack=stack)
        start(f"{driver}-denied", "database-permission-denied", driver, pg.url(user="reader"), "select * from ledger", key="ledger", stack=stack)
        start(f"{driver}-limit", "database-connections-exhausted", driver, pg.url(user="limited"), "select 1", helps="no", stack=stack)
        start(f"{driver}-unknown-host", "dns-resolution-failed", driver, pg.url(host="orders-db.svc.invalid"), "select 1", stack=stack)
    start("sqlx-tls-not-offered", "database-tls-required", "sqlx", pg.url(query="?sslmode=require"), "select 1")
    start("mysql-refused", "database-unreachable", "sqlx-mysql", f"mysql://app:app-pass-1@{NOBODY}:3306/shop", "select 1", helps="no")
    start("mysql-password", "database-auth-failed", "sqlx-mysql", f"mysql://app:wrong@127.0.0.1:{my.port}/shop", "select 1", key="app")
    start("mysql-missing-table", "schema-missing", "sqlx-mysql", f"mysql://app:app-pass-1@127.0.0.1:{my.port}/shop", "select * from invoices", key="shop.invoices")
    start("redis-refused", "dependency-unreachable", "redis", f"redis://{NOBODY}:6379/0", helps="no", stack="rust/redis")

    def migrate(name, cause, files, key=None, helps=None, sql=None, user="app", first=None, what="migrate"):
        database = pg.fresh(f"sqlx_{name}".replace("-", "_"))
        where = folder(f"sqlx-{name}", files if first is None else first)
        url = pg.url(database=database, user=user)
        if first is not None:
            run([str(binary), "migrate", url, str(where)])
            shutil.rmtree(where)
            where = folder(f"sqlx-{name}", files)
        if sql:
            pg.sql(sql, database, "admin")
        case(f"rust-migrate-{name}", "rust/sqlx", cause, [str(binary), what, url, str(where)], key, helps)

    one = {"20260101_init.sql": "create table users(id int);"}
    changed = {"20260101_init.sql": "create table users(id bigint);"}
    migrate("conflict", "migration-conflict", one, "users", "yes", "create table users(id int)")
    migrate("conflict-unwrap", "migration-conflict", one, "users", "yes", "create table users(id int)", what="migrate-unwrap")
    migrate("changed", "migration-history-mismatch", changed, "20260101", "yes", first=one)
    migrate("changed-unwrap", "migration-history-mismatch", changed, "20260101", "yes", first=one, what="migrate-unwrap")
    migrate("gone", "migration-history-mismatch", {"20260202_more.sql": "select 1;"}, "20260101", "yes", first=one)
    migrate("gone-unwrap", "migration-history-mismatch", {"20260202_more.sql": "select 1;"}, "20260101", "yes", first=one, what="migrate-unwrap")
    migrate("missing", "migration-failed", {"20260101_init.sql": "alter table vendors add tax_id text;"}, "vendors")
    migrate("unique", "migration-failed", {"20260101_init.sql": "create table a(id int); insert into a values (1),(1); create unique index a_id on a(id);"}, "a_id")
    migrate("denied", "database-permission-denied", one, "public", None, user="reader")
    migrate("dirty", "migration-history-mismatch", one, "20260101", "yes", "update _sqlx_migrations set success=false", first=one)


def ruby(pg, my):
    program = str(PROGRAMS / "shop.rb")
    if not shutil.which("ruby"):
        print("left out: Ruby", file=sys.stderr)
        return

    def start(name, cause, *arguments, key=None, helps=None, stack="ruby/rails"):
        case("ruby-" + name, stack, cause, ["ruby", program, *map(str, arguments)], key, helps)

    for what, stack in (("query", "ruby/rails"), ("pg", "ruby/pg")):
        start(f"{what}-refused", "database-unreachable", what, pg.url(host=NOBODY, port=5432), "select 1", key=f"{NOBODY}:5432", helps="no", stack=stack)
        start(f"{what}-password", "database-auth-failed", what, pg.url(password="wrong"), "select 1", key="app", stack=stack)
        start(f"{what}-no-database", "database-missing", what, pg.url(database="not_there"), "select 1", key="not_there", stack=stack)
        start(f"{what}-tls-demanded", "database-tls-required", what, pg.url(user="tlsonly", query="?sslmode=disable"), "select 1", stack=stack)
        start(f"{what}-tls-not-offered", "database-tls-required", what, pg.url(query="?sslmode=require"), "select 1", stack=stack)
        start(f"{what}-limit", "database-connections-exhausted", what, pg.url(user="limited"), "select 1", helps="no", stack=stack)
        start(f"{what}-unknown-host", "dns-resolution-failed", what, pg.url(host="orders-db.svc.invalid"), "select 1", key="orders-db.svc.invalid", stack=stack)
        start(f"{what}-missing-table", "schema-missing", what, pg.url(), "select * from invoices", key="invoices", stack=stack)
        start(f"{what}-denied", "database-permission-denied", what, pg.url(user="reader"), "select * from ledger", key="ledger", stack=stack)
    mysql = f"127.0.0.1:{my.port}"
    for what, scheme in (("query", "mysql2"), ("mysql2", "mysql")):
        stack = "ruby/rails" if what == "query" else "ruby/mysql2"
        start(f"{what}-mysql-refused", "database-unreachable", what, f"{scheme}://app:app-pass-1@{NOBODY}:3306/shop", "select 1", helps="no", stack=stack)
        start(f"{what}-mysql-password", "database-auth-failed", what, f"{scheme}://app:wrong@{mysql}/shop", "select 1", key="app", stack=stack)
        start(f"{what}-mysql-no-database", "database-missing", what, f"{scheme}://root@{mysql}/not_there", "select 1", key="not_there", stack=stack)
        start(f"{what}-mysql-missing-table", "schema-missing", what, f"{scheme}://app:app-pass-1@{mysql}/shop", "select * from invoices", key="shop.invoices", stack=stack)
    start("redis-refused", "dependency-unreachable", "redis", f"redis://{NOBODY}:6379/0", helps="no", stack="ruby/redis")
    start("bunny-refused", "dependency-unreachable", "bunny", f"amqp://guest:guest@{NOBODY}:5672", helps="no", stack="ruby/bunny")

    def migrate(name, cause, body, key=None, helps=None, sql=None, user="app", what="migrate"):
        database = pg.fresh(f"rails_{name}".replace("-", "_"))
        where = folder(f"rails-{name}", {"20260101120000_add_vendors.rb": f"class AddVendors < ActiveRecord::Migration[6.1]\n  def up\n    {body}\n  end\nend\n"})
        if sql:
            pg.sql(sql, database, "admin")
        case(f"rails-{name}", "ruby/rails", cause, ["ruby", program, what, pg.url(database=database, user=user), str(where)], key, helps)

    migrate("conflict", "migration-conflict", "create_table :vendors", "vendors", "yes", "create table vendors(id int)")
    migrate("column-conflict", "migration-conflict", "create_table(:vendors) { |t| t.text :tax }; add_column :vendors, :tax, :text", "tax", "yes")
    migrate("missing", "migration-failed", "add_column :vendors, :tax, :text", "vendors")
    migrate("not-null", "migration-failed", "create_table(:vendors); execute 'insert into vendors default values'; add_column :vendors, :tax, :text, null: false", "tax")
    migrate("denied", "database-permission-denied", "create_table :vendors", "public", None, user="reader")
    migrate("owner", "database-permission-denied", "add_column :vendors, :tax, :text", "vendors", None, "create table vendors(id int); grant all on vendors to app")
    migrate("pending", "schema-missing", "create_table :vendors", None, None, what="pending")
    database = pg.fresh("rails_locked")
    where = folder("rails-locked", {"20260101120000_a.rb": "class A < ActiveRecord::Migration[6.1]\n  def up; end\nend\n"})
    key = subprocess.run(["ruby", "-rzlib", "-e", f"puts 2053462845 * Zlib.crc32('{database}')"], capture_output=True, text=True).stdout.strip()
    holder = subprocess.Popen([str(pg.bin / "psql"), "-h", "127.0.0.1", "-p", str(pg.port), "-U", "admin", "-d", database, "-c", f"select pg_advisory_lock({key}), pg_sleep(20)"], stdout=subprocess.DEVNULL)
    case("rails-locked", "ruby/rails", "migration-locked", ["sh", "-c", f"sleep 2; exec ruby {program} migrate {pg.url(database=database)} {where}"], None, "no")
    holder.terminate()
    holder.wait()


def php(pg, my):
    program = str(PROGRAMS / "shop.php")
    if not shutil.which("php"):
        print("left out: PHP", file=sys.stderr)
        return

    def start(name, stack, cause, *arguments, key=None, helps=None):
        case("php-" + name, stack, cause, ["php", program, *map(str, arguments)], key, helps)

    mysql = f"127.0.0.1:{my.port}"
    for what in ("pdo", "doctrine", "laravel"):
        stack = {"pdo": "php/pdo", "doctrine": "php/doctrine", "laravel": "php/laravel"}[what]
        start(f"{what}-refused", stack, "database-unreachable", what, pg.url(host=NOBODY, port=5432), helps="no")
        start(f"{what}-password", stack, "database-auth-failed", what, pg.url(password="wrong"), key="app")
        start(f"{what}-no-database", stack, "database-missing", what, pg.url(database="not_there"), key="not_there")
        start(f"{what}-limit", stack, "database-connections-exhausted", what, pg.url(user="limited"), helps="no")
        start(f"{what}-unknown-host", stack, "dns-resolution-failed", what, pg.url(host="orders-db.svc.invalid"), key="orders-db.svc.invalid")
        start(f"{what}-missing-table", stack, "schema-missing", what, pg.url(), "select * from invoices", key="invoices")
        start(f"{what}-denied", stack, "database-permission-denied", what, pg.url(user="reader"), "select * from ledger", key="ledger")
        start(f"{what}-mysql-refused", stack, "database-unreachable", what, f"mysql://app:app-pass-1@{NOBODY}:3306/shop", helps="no")
        start(f"{what}-mysql-password", stack, "database-auth-failed", what, f"mysql://app:wrong@{mysql}/shop", key="app")
        start(f"{what}-mysql-no-database", stack, "database-missing", what, f"mysql://root:@{mysql}/not_there", key="not_there")
        start(f"{what}-mysql-missing-table", stack, "schema-missing", what, f"mysql://app:app-pass-1@{mysql}/shop", "select * from invoices", key="shop.invoices")
        start(f"{what}-mysql-unknown-host", stack, "dns-resolution-failed", what, "mysql://app:app-pass-1@orders-db.svc.invalid:3306/shop", key="orders-db.svc.invalid")
    start("mysqli-password", "php/mysqli", "database-auth-failed", "mysqli", f"mysql://app:wrong@{mysql}/shop", key="app")
    start("mysqli-refused", "php/mysqli", "database-unreachable", "mysqli", f"mysql://app:app-pass-1@{NOBODY}:3306/shop", helps="no")

    def migrate(name, cause, body, key=None, helps=None, sql=None, user="app"):
        database = pg.fresh(f"laravel_{name}".replace("-", "_"))
        where = folder(f"laravel-{name}", {"2026_01_01_000000_add_vendors.php": "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Database\\Schema\\Blueprint;\nuse Illuminate\\Support\\Facades\\Schema;\nuse Illuminate\\Support\\Facades\\DB;\n"
                                            f"class AddVendors extends Migration {{ public function up() {{ {body} }} }}\n"})
        if sql:
            pg.sql(sql, database, "admin")
        case(f"laravel-{name}", "php/laravel", cause, ["php", program, "laravel-migrate", pg.url(database=database, user=user), str(where)], key, helps)

    migrate("conflict", "migration-conflict", "Schema::create('vendors', fn (Blueprint $t) => $t->id());", "vendors", "yes", "create table vendors(id int)")
    migrate("missing", "migration-failed", "Schema::table('vendors', fn (Blueprint $t) => $t->text('tax'));", "vendors")
    migrate("not-null", "migration-failed", "Schema::create('vendors', fn (Blueprint $t) => $t->id()); DB::insert('insert into vendors default values'); Schema::table('vendors', fn (Blueprint $t) => $t->text('tax'));", "tax")
    migrate("denied", "database-permission-denied", "Schema::create('vendors', fn (Blueprint $t) => $t->id());", "public", None, user="reader")


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:]
    pg = Postgres()
    my = MariaDb()
    try:
        for part in (go, rust, ruby, php, spring):
            if wanted and part.__name__ not in wanted:
                continue
            try:
                part(pg, my)
            except Exception as fault:  # What one tool cannot do must not cost the others' cases.
                print(f"left out: {part.__name__}: {fault!r}", file=sys.stderr)
    finally:
        pg.stop()
        my.stop()
        shutil.rmtree(WORK, ignore_errors=True)
    out.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in CASES))
    print(f"{len(CASES)} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
