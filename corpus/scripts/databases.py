#!/usr/bin/env python3
"""Runs database clients and migration tools into faults, and writes what they print as labelled cases.

usage: databases.py OUT.jsonl

Needs PostgreSQL and MariaDB servers, the Python packages psycopg2-binary psycopg[binary] asyncpg sqlalchemy alembic django pymysql, and, in
./node_modules of the working directory, pg mysql2 knex sequelize typeorm node-pg-migrate reflect-metadata. What is not there is left out and said so.
The servers are started on free ports in a temporary folder, as the user postgres or mysql when run as root, and ended afterwards.
"""
import glob
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.geteuid() == 0
WORK = pathlib.Path(tempfile.mkdtemp(prefix="corpus-"))
WORK.chmod(0o755)
HERE = pathlib.Path.cwd()
CASES = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def as_user(user, *command):
    return (["runuser", "-u", user, "--"] if ROOT else []) + list(command)


def run(command, env=None, cwd=None, timeout=60):
    full = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **(env or {})}
    try:
        done = subprocess.run(command, env=full, cwd=cwd or WORK, timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        out = late.stdout or b""
        return 137, out.decode() if isinstance(out, bytes) else out


class Postgres:
    def __init__(self):
        self.bin = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self.port = free_port()
        self.data = WORK / "pg"
        self.data.mkdir()
        if ROOT:
            shutil.chown(self.data, "postgres")
        run(as_user("postgres", str(self.bin / "initdb"), "-D", str(self.data), "-U", "admin", "-A", "trust", "-E", "UTF8"))
        (self.data / "pg_hba.conf").write_text(
            "local all all trust\nhost all admin 127.0.0.1/32 trust\nhostssl all tlsonly 127.0.0.1/32 scram-sha-256\n"
            "host all app,reader,limited,ghost 127.0.0.1/32 scram-sha-256\n")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"\nport={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories='{self.data}'\nfsync=off\n")
        run(as_user("postgres", str(self.bin / "pg_ctl"), "-D", str(self.data), "-l", str(self.data / "log"), "-w", "start"))
        for sql in ("create role app login password 'app-pass-1'", "create role reader login password 'app-pass-1'",
                    "create role limited login password 'app-pass-1' connection limit 0", "create role tlsonly login password 'app-pass-1'",
                    "create database shop owner app"):
            self.sql(sql, "postgres")
        self.sql("create table ledger(id int primary key); insert into ledger values (1); revoke all on ledger from public")

    def sql(self, sql, database="shop", user="admin"):
        code, out = run([str(self.bin / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", user, "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql])
        assert code == 0, out

    def fresh(self, name):
        """A database of its own; roles named in its statements exist."""
        self.sql(f"create database {name} owner app", "postgres")
        return name

    def url(self, user="app", password="app-pass-1", database="shop", port=None, host="127.0.0.1", query=""):
        return f"postgresql://{user}:{password}@{host}:{port or self.port}/{database}{query}"

    def stop(self):
        run(as_user("postgres", str(self.bin / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"))


class MariaDb:
    def __init__(self):
        self.port = free_port()
        self.data = WORK / "maria"
        self.data.mkdir()
        if ROOT:
            shutil.chown(self.data, "mysql")
        run(["mariadb-install-db", f"--datadir={self.data}", "--auth-root-authentication-method=normal"] + (["--user=mysql"] if ROOT else []))
        self.process = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={self.data}", f"--port={self.port}", f"--socket={self.data}/s", "--bind-address=127.0.0.1"]
                                        + (["--user=mysql"] if ROOT else []), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(60):
            if self.sql("select 1")[0] == 0:
                break
            time.sleep(0.5)
        self.sql("create database shop; create user app@'127.0.0.1' identified by 'app-pass-1'; grant all on shop.* to app@'127.0.0.1';"
                 "create database vault; create user reader@'127.0.0.1' identified by 'app-pass-1'; grant select on shop.nothing to reader@'127.0.0.1'")
        self.sql("create table shop.ledger(id int primary key)")

    def sql(self, sql):
        return run(["mariadb", "-uroot", f"--socket={self.data}/s", "-e", sql])

    def stop(self):
        self.process.terminate()
        self.process.wait()


def case(name, stack, cause, command, key=None, helps=None, env=None, cwd=None, before=()):
    code, out = run(command, env, cwd)
    for here, there in ((str(WORK), "/app"), (str(HERE), "/app"), (sys.prefix, "/usr/local"), (sys.base_prefix, "/usr/local")):
        out = out.replace(here, there)
    lines = [*before, *out.splitlines()]
    if code == 0 or not out.strip():
        print(f"left out: {name} ended with {code}: {out[-200:]!r}", file=sys.stderr)
        return
    expect = {"cause": cause, **({"key": key} if key else {}), **({"rollbackHelps": helps} if helps else {})}
    CASES.append({"id": name, "stack": stack, "origin": "ran", "evidence": {
        "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "app", "exitCode": code if code >= 0 else 128 - code, "reason": None, "healthStatus": "UNKNOWN"}],
        "logs": lines}, "expect": expect})


PYTHON = {
    "psycopg2": "import psycopg2,os\nprint('starting orders worker')\nc=psycopg2.connect(os.environ['URL'])\nc.cursor().execute(os.environ['SQL'])",
    "psycopg": "import psycopg,os\nprint('starting orders worker')\nc=psycopg.connect(os.environ['URL'])\nc.execute(os.environ['SQL'])",
    "asyncpg": "import asyncio,asyncpg,os\nasync def main():\n  c=await asyncpg.connect(os.environ['URL'],timeout=5)\n  await c.execute(os.environ['SQL'])\nprint('boot')\nasyncio.run(main())",
    "sqlalchemy": "import sqlalchemy as s,os\ne=s.create_engine(os.environ['URL'])\nprint('INFO: starting')\nwith e.connect() as c: c.execute(s.text(os.environ['SQL']))",
    "django": "import os,django\nfrom django.conf import settings\nfrom urllib.parse import urlparse\nu=urlparse(os.environ['URL'])\n"
              "settings.configure(DATABASES={'default':{'ENGINE':'django.db.backends.postgresql','NAME':u.path[1:],'USER':u.username,'PASSWORD':u.password,'HOST':u.hostname,'PORT':u.port,'OPTIONS':dict([u.query.split('=')]) if u.query else {}}})\n"
              "django.setup()\nfrom django.db import connection\nprint('Performing system checks...')\nwith connection.cursor() as c: c.execute(os.environ['SQL'])",
}
NODE = {
    "pg": "const {Client}=require('pg');console.log('> orders@1.0.0 start');const c=new Client({connectionString:process.env.URL,connectionTimeoutMillis:3000,ssl:process.env.TLS?{rejectUnauthorized:false}:undefined});(async()=>{await c.connect();await c.query(process.env.SQL)})()",
    "knex": "const k=require('knex')({client:'pg',connection:{connectionString:process.env.URL,ssl:process.env.TLS?{rejectUnauthorized:false}:undefined},acquireConnectionTimeout:4000});console.log('api starting');(async()=>{await k.raw(process.env.SQL);process.exit(0)})()",
    "sequelize": "const {Sequelize}=require('sequelize');const s=new Sequelize(process.env.URL,{dialect:'postgres',logging:false,dialectOptions:process.env.TLS?{ssl:{rejectUnauthorized:false}}:{}});(async()=>{await s.authenticate();await s.query(process.env.SQL)})().catch(e=>{console.error('Unable to connect to the database:',e);process.exit(1)})",
    "typeorm": "require('reflect-metadata');const {DataSource}=require('typeorm');const d=new DataSource({type:'postgres',url:process.env.URL,ssl:process.env.TLS?{rejectUnauthorized:false}:false});(async()=>{await d.initialize();await d.query(process.env.SQL)})().catch(e=>{console.error('Error during Data Source initialization',e);process.exit(1)})",
}


def clients(pg):
    closed = free_port()
    select = "select * from ledger"
    faults = [
        ("refused", "database-unreachable", pg.url(port=closed), select, f"127.0.0.1:{closed}", "no", None),
        ("password", "database-auth-failed", pg.url(password="wr0ng-one"), select, "app", None, None),
        ("no-role", "database-auth-failed", pg.url(user="ghost"), select, "ghost", None, None),
        ("no-database", "database-missing", pg.url(database="shop_prod"), select, "shop_prod", None, None),
        ("tls-demanded", "database-tls-required", pg.url(user="tlsonly"), select, None, None, None),
        ("tls-not-offered", "database-tls-required", pg.url(query="?sslmode=require"), select, None, None, {"TLS": "1"}),
        ("no-host", "dns-resolution-failed", pg.url(host="orders-db.invalid"), select, "orders-db.invalid", None, None),
        ("no-table", "schema-missing", pg.url(), "select * from application_logs", "application_logs", None, None),
        ("no-column", "schema-missing", pg.url(user="admin"), "select note from ledger", "note", None, None),
        ("no-permission", "database-permission-denied", pg.url(user="reader"), select, "ledger", None, None),
        ("too-many", "database-connections-exhausted", pg.url(user="limited"), select, "limited", "no", None),
    ]
    for fault, cause, url, sql, key, helps, extra in faults:
        for name, program in PYTHON.items():
            if name == "asyncpg" and fault == "tls-not-offered":
                url_here = url
            else:
                url_here = url
            case(f"{name}-{fault}", f"python/{name}", cause, [sys.executable, "-c", program], key, helps, {"URL": url_here, "SQL": sql})
        for name, program in NODE.items():
            if (HERE / "node_modules" / name).exists():
                url_here = url.replace("?sslmode=require", "")
                case(f"{name}-{fault}", f"node/{name}", cause, ["node", "-e", program], key, helps, {"URL": url_here, "SQL": sql, **(extra or {})}, cwd=HERE)


def maria_clients(my):
    closed = free_port()
    program = "import pymysql,os\nc=pymysql.connect(host=os.environ['H'],port=int(os.environ['P']),user=os.environ['U'],password=os.environ['W'],database=os.environ['D'],connect_timeout=4)\nc.cursor().execute(os.environ['SQL'])"
    node = "const m=require('mysql2/promise');(async()=>{const c=await m.createConnection({host:process.env.H,port:+process.env.P,user:process.env.U,password:process.env.W,database:process.env.D});await c.query(process.env.SQL);process.exit(0)})()"
    base = {"H": "127.0.0.1", "P": str(my.port), "U": "app", "W": "app-pass-1", "D": "shop", "SQL": "select * from ledger"}
    faults = [
        ("refused", "database-unreachable", {"P": str(closed)}, None, "no"),
        ("password", "database-auth-failed", {"W": "wr0ng-one"}, "app", None),
        ("no-database", "database-permission-denied", {"D": "vault"}, "vault", None),
        ("no-table", "schema-missing", {"SQL": "select * from application_logs"}, "application_logs", None),
        ("no-column", "schema-missing", {"SQL": "select note from ledger"}, "note", None),
        ("no-host", "dns-resolution-failed", {"H": "orders-db.invalid"}, "orders-db.invalid", None),
    ]
    for fault, cause, change, key, helps in faults:
        case(f"pymysql-{fault}", "python/pymysql", cause, [sys.executable, "-c", program], key, helps, {**base, **change})
        if (HERE / "node_modules" / "mysql2").exists():
            case(f"mysql2-{fault}", "node/mysql2", cause, ["node", "-e", node], key, helps, {**base, **change}, cwd=HERE)
    my.sql("create user root2@'127.0.0.1' identified by 'app-pass-1'; grant all on *.* to root2@'127.0.0.1'")
    case("pymysql-unknown-database", "python/pymysql", "database-missing", [sys.executable, "-c", program], "shop_prod", None, {**base, "U": "root2", "D": "shop_prod"})


def alembic(pg):
    def project(name, migrations):
        folder = WORK / f"alembic-{name}"
        run([sys.executable, "-m", "alembic", "init", str(folder)], cwd=WORK)
        ini = (WORK / "alembic.ini").rename(folder / "alembic.ini")
        ini.write_text(re.sub(r"sqlalchemy.url = .*", f"sqlalchemy.url = {pg.url(database=pg.fresh('alembic_' + name)).replace('postgresql://', 'postgresql+psycopg2://')}",
                              ini.read_text()))
        before = "None"
        for revision, body in migrations:
            (folder / "versions" / f"{revision}.py").write_text(
                f"from alembic import op\nimport sqlalchemy as sa\nrevision='{revision}'\ndown_revision={before}\nbranch_labels=None\ndepends_on=None\ndef upgrade():\n    {body}\n")
            before = repr(revision)
        return folder

    def upgrade(name, cause, migrations, key, before_sql=None, helps=None):
        folder = project(name, migrations)
        if before_sql:
            pg.sql(before_sql, f"alembic_{name}")
        case(f"alembic-{name}", "python/alembic", cause, [sys.executable, "-m", "alembic", "-c", str(folder / "alembic.ini"), "upgrade", "head"], key, helps, cwd=folder)

    create = "op.create_table('invoices', sa.Column('id', sa.Integer, primary_key=True))"
    upgrade("conflict", "migration-conflict", [("1a2b3c4d5e6f", create)], "invoices", "create table invoices(id int)", "yes")
    upgrade("column", "migration-conflict", [("1a2b3c4d5e6f", create), ("2b3c4d5e6f70", "op.execute('alter table invoices add id int')")], "id", None, "yes")
    upgrade("notnull", "migration-failed", [("1a2b3c4d5e6f", create), ("2b3c4d5e6f70", "op.execute('insert into invoices values (1)'); op.execute('alter table invoices add total int not null')")], "total")
    upgrade("unique", "migration-failed", [("1a2b3c4d5e6f", "op.execute('create table t(r text)'); op.execute(\"insert into t values ('a'),('a')\"); op.create_index('ix_t_r','t',['r'],unique=True)")], "ix_t_r")
    upgrade("syntax", "migration-failed", [("1a2b3c4d5e6f", "op.execute('alter tabel x')")], None)
    upgrade("gone_table", "migration-failed", [("1a2b3c4d5e6f", "op.execute('alter table orders_old add x int')")], "orders_old")
    upgrade("unknown_revision", "migration-history-mismatch", [("1a2b3c4d5e6f", create)], "9c41d2f0a7b3",
            "create table alembic_version(version_num varchar(32) primary key); insert into alembic_version values ('9c41d2f0a7b3'); grant all on alembic_version to app", "yes")
    folder = project("heads", [("1a2b3c4d5e6f", create)])
    (folder / "versions" / "b.py").write_text("from alembic import op\nrevision='2b3c4d5e6f70'\ndown_revision=None\nbranch_labels=None\ndepends_on=None\ndef upgrade(): pass\n")
    case("alembic-heads", "python/alembic", "migration-history-mismatch", [sys.executable, "-m", "alembic", "-c", str(folder / "alembic.ini"), "upgrade", "head"], None, "yes", cwd=folder)


def django(pg):
    def project(name, migrations, database=None):
        folder = WORK / f"django-{name}"
        (folder / "orders" / "migrations").mkdir(parents=True)
        (folder / "orders" / "__init__.py").touch()
        (folder / "orders" / "migrations" / "__init__.py").touch()
        (folder / "orders" / "models.py").touch()
        (folder / "settings.py").write_text(
            f"INSTALLED_APPS=['orders']\nSECRET_KEY='x'\nDATABASES={{'default':{{'ENGINE':'django.db.backends.postgresql','NAME':'{database or pg.fresh('django_' + name)}','USER':'app','PASSWORD':'app-pass-1','HOST':'127.0.0.1','PORT':{pg.port}}}}}\n")
        before = "[]"
        for number, operations in migrations:
            (folder / "orders" / "migrations" / f"{number}.py").write_text(
                f"from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies={before}\n    operations=[{operations}]\n")
            before = f"[('orders','{number}')]"
        return folder

    def migrate(name, cause, migrations, key, sql=None, helps=None):
        folder = project(name, migrations)
        if sql:
            pg.sql(sql, f"django_{name}", "admin")
        case(f"django-{name}", "python/django", cause, [sys.executable, "-m", "django", "migrate", "--noinput"], key, helps, {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}, cwd=folder)

    model = "migrations.CreateModel('Order',[('id',models.AutoField(primary_key=True)),('ref',models.TextField())])"
    migrate("conflict", "migration-conflict", [("0001_initial", model)], "orders_order", "create table orders_order(id int)", "yes")
    migrate("notnull", "migration-failed", [("0001_initial", model), ("0002_fill", "migrations.RunSQL(\"insert into orders_order(ref) values ('a'),('a')\")"), ("0003_unique", "migrations.RunSQL('create unique index orders_ref_uniq on orders_order(ref)')")], "orders_ref_uniq")
    migrate("missing", "migration-failed", [("0001_initial", "migrations.RunSQL('alter table customers add x int')")], "customers")
    migrate("history", "migration-history-mismatch", [("0001_initial", model), ("0002_more", "")], "orders.0002_more",
            "create table django_migrations(id serial primary key, app varchar(255), name varchar(255), applied timestamptz); insert into django_migrations(app,name,applied) values ('orders','0002_more',now()); grant all on all tables in schema public to app; grant all on all sequences in schema public to app", "yes")
    folder = project("leaves", [("0001_initial", model), ("0002_a", "")])
    (folder / "orders" / "migrations" / "0002_b.py").write_text("from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies=[('orders','0001_initial')]\n    operations=[]\n")
    case("django-leaves", "python/django", "migration-history-mismatch", [sys.executable, "-m", "django", "migrate", "--noinput"], None, "yes", {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}, cwd=folder)
    folder = project("nodb", [("0001_initial", model)], "not_there")
    case("django-migrate-no-database", "python/django", "database-missing", [sys.executable, "-m", "django", "migrate", "--noinput"], "not_there", None, {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}, cwd=folder)


def knex(pg):
    if not (HERE / "node_modules" / "knex").exists():
        print("left out: knex", file=sys.stderr)
        return

    def migrate(name, cause, files, key, sql=None, helps=None):
        folder = WORK / f"knex-{name}"
        folder.mkdir()
        database = pg.fresh("knex_" + name)
        for file, body in files.items():
            (folder / file).write_text(f"exports.up=k=>k.raw(`{body}`);exports.down=k=>{{}}")
        if sql:
            pg.sql(sql, database, "admin")
        program = ("const k=require('knex')({client:'pg',connection:process.env.URL});k.migrate.latest({directory:process.env.DIR}).then(()=>process.exit(0),e=>{console.error('migration failed with error:',e);process.exit(1)})")
        case(f"knex-{name}", "node/knex", cause, ["node", "-e", program], key, helps, {"URL": pg.url(database=database), "DIR": str(folder)}, cwd=HERE)

    tables = "create table knex_migrations(id serial primary key,name varchar(255),batch int,migration_time timestamptz);create table knex_migrations_lock(index serial primary key,is_locked int);grant all on all tables in schema public to app;grant all on all sequences in schema public to app;"
    migrate("conflict", "migration-conflict", {"20250101_init.js": "create table users(id int)"}, "users", "create table users(id int)", "yes")
    migrate("failed", "migration-failed", {"20250101_init.js": "create table users(id int); insert into users values (1); alter table users add email text not null"}, "email")
    migrate("corrupt", "migration-history-mismatch", {"20250102_more.js": "select 1"}, "20250101_gone.js", tables + "insert into knex_migrations(name,batch) values ('20250101_gone.js',1);insert into knex_migrations_lock(is_locked) values (0)", "yes")
    migrate("locked", "migration-locked", {"20250101_init.js": "select 1"}, None, tables + "insert into knex_migrations_lock(is_locked) values (1)", "no")


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    pg = Postgres()
    my = MariaDb()
    try:
        for part in (lambda: clients(pg), lambda: maria_clients(my), lambda: alembic(pg), lambda: django(pg), lambda: knex(pg)):
            try:
                part()
            except Exception as fault:  # What one tool cannot do must not cost the others' cases.
                print(f"left out: {fault}", file=sys.stderr)
    finally:
        pg.stop()
        my.stop()
        shutil.rmtree(WORK, ignore_errors=True)
    out.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in CASES))
    print(f"{len(CASES)} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
