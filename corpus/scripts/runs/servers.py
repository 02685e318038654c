"""Servers: Redis, PostgreSQL, MariaDB, memcached, NATS, etcd, Mosquitto, Prometheus, Apache, lighttpd, Squid, Varnish, PgBouncer, InfluxDB, unbound, slapd.

From Debian's packages, on the path or unpacked into ./deb.
"""
import os
import shutil
import subprocess

import databases
from harness import DEBIAN, NOBODY, WORK, case, folder, free_port, program, read_only, taken


def start(name, stack, cause, command, key=None, helps="yes", files=None, **more):
    at = folder(name, files)
    if more.get("user") or more.pop("open", None):
        at.chmod(0o777)
    case(f"run-{name}", stack, cause, command, key, helps, cwd=at, **more)


def redis_server():
    def run(name, cause, conf, key=None, helps="yes", files=None, wrap=list, **more):
        start(f"redis-{name}", "redis", cause, wrap([program("redis-server"), "redis.conf"]), key, helps, {"redis.conf": "daemonize no\nbind 127.0.0.1\n" + conf, **(files or {})}, **more)

    port = free_port()
    run("directive", "invalid-config", f"port {port}\nmaxmemory-polcy allkeys-lru\n", "maxmemory-polcy")
    run("value", "invalid-config", f"port {port}\nmaxmemory lots\n", "maxmemory")
    run("port", "port-conflict", f"port {taken(host='127.0.0.1')}\n")
    run("address", "invalid-config", f"port {port}\nbind 10.255.255.9\n", "10.255.255.9")
    run("certificate", "tls-certificate-error", f"port 0\ntls-port {port}\ntls-cert-file /app/tls.crt\ntls-key-file /app/tls.key\ntls-ca-cert-file /app/ca.crt\n", "/app/tls.crt", None)
    run("directory", "invalid-config", f"port {port}\ndir /app/redis-data\n", "/app/redis-data", None)
    run("newer-snapshot", "dependency-version-conflict", f"port {port}\n", None, None, {"dump.rdb": b"REDIS0099" + bytes(40)})
    run("log-file", "file-permission-denied", f"port {port}\nlogfile data/redis.log\n", files={"data/.keep": ""}, wrap=read_only)
    run("append-only-denied", "file-permission-denied", f"port {port}\nappendonly yes\ndir data\n", "appendonlydir", files={"data/.keep": ""}, wrap=read_only)
    run("module", "shared-library-missing", f"port {port}\nloadmodule /usr/lib/redis/modules/redisearch.so\n", "/usr/lib/redis/modules/redisearch.so")
    start("redis-no-file", "redis", "missing-config", [program("redis-server"), "/etc/redis/shop.conf"], "/etc/redis/shop.conf")
    run("acl", "invalid-config", f"port {port}\nuser shop on +@al ~* >pw\n", None)


def postgres_server():
    here = sorted((each for each in os.listdir("/usr/lib/postgresql")), key=int)[-1] if os.path.isdir("/usr/lib/postgresql") else None
    bin = f"/usr/lib/postgresql/{here}/bin"

    def run(name, cause, conf="", key=None, helps="yes", options=(), change=None, hba=None, wrap=list):
        at = folder(f"postgres-{name}")
        data = at / "data"
        at.chmod(0o777)
        data.mkdir()
        shutil.chown(data, "postgres")
        subprocess.run(databases.as_user("postgres", f"{bin}/initdb", "-D", str(data), "-U", "admin", "-A", "trust"), stdout=subprocess.DEVNULL, check=True)
        with open(data / "postgresql.conf", "a") as text:
            text.write(f"\nport = {free_port()}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n{conf}\n")
        if hba:
            (data / "pg_hba.conf").write_text(hba)
        if change:
            change(data)
        case(f"run-postgres-{name}", "postgres", cause, wrap([f"{bin}/postgres", "-D", "data", *options]), key, helps, cwd=at, user="postgres", seconds=15, places=((str(at), "/var/lib/postgresql"),))

    run("parameter", "invalid-config", "max_conections = 200", "max_conections")
    run("value", "invalid-config", "shared_buffers = 'lots'", "shared_buffers")
    run("library", "shared-library-missing", "shared_preload_libraries = 'pg_cron'", "pg_cron")
    run("port", "port-conflict", f"port = {taken(host='127.0.0.1')}")
    run("hba", "invalid-config", hba="host all all 10.0.0.0/33 scram-sha-256\n", key=None)
    run("certificate", "tls-certificate-error", "ssl = on\nssl_cert_file = '/app/tls.crt'\nssl_key_file = '/app/tls.key'", "/app/tls.crt", None)
    run("version", "dependency-version-conflict", change=lambda data: (data / "PG_VERSION").write_text("12\n"), helps=None)
    run("no-settings", "missing-config", change=lambda data: (data / "postgresql.conf").unlink(), key="postgresql.conf", helps=None)
    run("world-readable", "file-permission-denied", change=lambda data: data.chmod(0o755), key="/var/lib/postgresql/data", helps=None)
    run("shared-memory", "out-of-memory", "shared_buffers = '900GB'", None, None)
    run("option", "invalid-config", options=["-c", "work_mem"], key=None)
    start("postgres-root", "postgres", "invalid-config", [f"{bin}/postgres", "-D", "/var/lib/postgresql/data"], None, None)
    start("postgres-no-data", "postgres", "missing-config", [f"{bin}/postgres", "-D", "/var/lib/postgresql/data"], "/var/lib/postgresql/data", None, user="postgres")


def mariadb_server():
    def run(name, cause, *options, key=None, helps="yes", install=True, change=None, user="mysql"):
        at = folder(f"mariadb-{name}")
        at.chmod(0o777)
        data = at / "data"
        data.mkdir()
        shutil.chown(data, "mysql")
        if install:
            subprocess.run(["mariadb-install-db", f"--datadir={data}", "--user=mysql", "--skip-test-db"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        if change:
            change(data)
        case(f"run-mariadb-{name}", "mariadb", cause, [program("mariadbd"), "--no-defaults", f"--datadir={data}", f"--socket={at}/s", "--bind-address=127.0.0.1", f"--port={free_port()}", *options], key, helps, cwd=at, user=user, seconds=20)

    run("option", "invalid-config", "--inodb-buffer-pool-size=1G", key="inodb-buffer-pool-size")
    run("port", "port-conflict", f"--port={taken(host='127.0.0.1')}")
    run("empty", "schema-missing", install=False, helps=None)
    run("not-writable", "file-permission-denied", change=lambda data: (shutil.chown(data, "root"), data.chmod(0o555)), helps="yes")
    run("root", "invalid-config", user=None, helps=None)
    run("collation", "invalid-config", "--collation-server=utf8mb4_0900_ai_ci", key="utf8mb4_0900_ai_ci")


def small_servers():
    port = free_port()
    start("memcached-port", "memcached", "port-conflict", [program("memcached"), "-p", str(taken(host="127.0.0.1")), "-l", "127.0.0.1"], None, user=65534)
    start("memcached-root", "memcached", "invalid-config", [program("memcached"), "-p", port], "-u", "yes")
    start("memcached-option", "memcached", "invalid-config", [program("memcached"), "-u", "nobody", "-m", "lots"], None, "yes")
    start("nats-port", "nats", "port-conflict", [program("nats-server"), "-a", "127.0.0.1", "-p", str(other := taken(host="127.0.0.1"))], str(other))
    start("nats-field", "nats", "invalid-config", [program("nats-server"), "-c", "nats.conf"], "jetstrem", files={"nats.conf": "port: 4229\njetstrem { store_dir: /data }\n"})
    start("nats-no-file", "nats", "missing-config", [program("nats-server"), "-c", "/etc/nats/nats.conf"], "/etc/nats/nats.conf")
    start("nats-certificate", "nats", "tls-certificate-error", [program("nats-server"), "-p", str(port), "--tls", "--tlscert", "/app/tls.crt", "--tlskey", "/app/tls.key"], "/app/tls.crt", None)
    start("etcd-url", "etcd", "invalid-config", [program("etcd"), "--listen-client-urls", "http://etcd.internal:2379", "--advertise-client-urls", "http://etcd.internal:2379"], None)
    start("etcd-advertise", "etcd", "missing-config", [program("etcd"), "--listen-client-urls", "http://127.0.0.1:23790"], None)
    start("etcd-port", "etcd", "port-conflict", [program("etcd"), "--listen-peer-urls", f"http://127.0.0.1:{other}"], str(other))
    start("etcd-cluster", "etcd", "invalid-config", [program("etcd"), "--name", "a", "--initial-cluster", "b=http://127.0.0.1:2380", "--listen-peer-urls", "http://127.0.0.1:23801", "--listen-client-urls", "http://127.0.0.1:23802", "--advertise-client-urls", "http://127.0.0.1:23802"], None)
    start("mosquitto-option", "mosquitto", "invalid-config", [program("mosquitto"), "-c", "m.conf"], "alow_anonymous", files={"m.conf": "listener 18830\nalow_anonymous true\n"})
    start("mosquitto-port", "mosquitto", "port-conflict", [program("mosquitto"), "-c", "m.conf"], None, files={"m.conf": f"listener {other} 127.0.0.1\nallow_anonymous true\n"})
    start("mosquitto-passwords", "mosquitto", "missing-config", [program("mosquitto"), "-c", "m.conf"], "/mosquitto/config/passwd", files={"m.conf": "listener 18831 127.0.0.1\npassword_file /mosquitto/config/passwd\n"})
    start("mosquitto-certificate", "mosquitto", "tls-certificate-error", [program("mosquitto"), "-c", "m.conf"], None, None, files={"m.conf": "listener 18832 127.0.0.1\ncertfile /mosquitto/certs/server.crt\nkeyfile /mosquitto/certs/server.key\n"})


def monitoring():
    listen = f"--web.listen-address=127.0.0.1:{free_port()}"
    prometheus = [program("prometheus"), "--config.file=prometheus.yml", listen]
    good = "scrape_configs: []\n"
    start("prometheus-field", "prometheus", "invalid-config", prometheus, "scrape_intervall", files={"prometheus.yml": "global:\n  scrape_intervall: 15s\n"})
    start("prometheus-yaml", "prometheus", "invalid-config", prometheus, None, files={"prometheus.yml": "global:\n  scrape_interval: 15s\n scrape_configs:\n"})
    start("prometheus-no-file", "prometheus", "missing-config", [program("prometheus"), "--config.file=/etc/prometheus/shop.yml", listen], "/etc/prometheus/shop.yml")
    start("prometheus-port", "prometheus", "port-conflict", [*prometheus[:2], f"--web.listen-address=127.0.0.1:{(other := taken(host='127.0.0.1'))}"], str(other), files={"prometheus.yml": good})
    start("prometheus-storage", "prometheus", "file-permission-denied", read_only([*prometheus, "--storage.tsdb.path=data"]), "data", files={"prometheus.yml": good, "data/.keep": ""})
    start("prometheus-flag", "prometheus", "invalid-config", [*prometheus, "--storage.tsdb.retention.tim=15d"], "--storage.tsdb.retention.tim", files={"prometheus.yml": good})
    start("prometheus-rules", "prometheus", "invalid-config", prometheus, "rules.yml", files={"prometheus.yml": "rule_files: [rules.yml]\n", "rules.yml": "groups:\n- name: shop\n  rules:\n  - alert: Down\n    expr: up ==\n"})
    start("alertmanager-receiver", "alertmanager", "invalid-config", [program("prometheus-alertmanager"), "--config.file=a.yml", "--cluster.listen-address=", listen], "oncall", files={"a.yml": "route:\n  receiver: oncall\nreceivers:\n- name: team\n"})
    influx = [program("influxd"), "-config", "influx.toml"]
    start("influxdb-toml", "influxdb", "invalid-config", influx, None, files={"influx.toml": "[data]\n  dir = /var/lib/influxdb\n"})
    start("influxdb-directory", "influxdb", "missing-config", influx, None, files={"influx.toml": "reporting-disabled = true\n[meta]\n  dir = \"m\"\n[data]\n  wal-dir = \"w\"\n"})
    start("registry-no-file", "docker-registry", "missing-config", [program("docker-registry"), "serve", "/etc/docker/registry/shop.yml"], "/etc/docker/registry/shop.yml")
    start("registry-storage", "docker-registry", "missing-config", [program("docker-registry"), "serve", "r.yml"], None, files={"r.yml": "version: 0.1\nhttp:\n  addr: 127.0.0.1:5055\n"})
    start("registry-redis", "docker-registry", "invalid-config", [program("docker-registry"), "serve", "r.yml"], None, files={"r.yml": "version: 0.1\nstorage:\n  s4:\n    bucket: x\nhttp:\n  addr: 127.0.0.1:5055\n"})


def web_servers():
    modules = f"{DEBIAN}/lib/apache2/modules"

    def apache(name, cause, text, key=None, helps="yes", **more):
        base = f"ServerRoot {WORK}/apache-{name}\nPidFile a.pid\nErrorLog /dev/stderr\nLoadModule mpm_event_module {modules}/mod_mpm_event.so\nLoadModule authz_core_module {modules}/mod_authz_core.so\n"
        start(f"apache-{name}", "apache", cause, [program("apache2"), "-D", "FOREGROUND", "-f", f"{WORK}/apache-{name}/httpd.conf"], key, helps, {"httpd.conf": base + text}, seconds=15, **more)

    port = free_port()
    apache("directive", "invalid-config", f"Listen {port}\nServerName x\nRewriteEngine On\n", "RewriteEngine")
    apache("port", "port-conflict", f"ServerName x\nListen 127.0.0.1:{(other := taken(host='127.0.0.1'))}\n", f"127.0.0.1:{other}")
    apache("module", "shared-library-missing", f"ServerName x\nListen {port}\nLoadModule wsgi_module {modules}/mod_wsgi.so\n", "mod_wsgi.so")
    apache("root", "invalid-config", f"ServerName x\nListen {port}\nDocumentRoot /var/www/shop\n", "/var/www/shop")
    apache("certificate", "tls-certificate-error", f"ServerName x\nListen {port}\nLoadModule ssl_module {modules}/mod_ssl.so\nSSLEngine on\nSSLCertificateFile /app/tls.crt\n", "/app/tls.crt", None)
    apache("privileged", "file-permission-denied", "ServerName x\nListen 80\n", "80", user=65534)
    apache("include", "missing-config", f"ServerName x\nListen {port}\nInclude /etc/apache2/sites/shop.conf\n", "/etc/apache2/sites/shop.conf")
    apache("variable", "missing-config", f"ServerName x\nListen {port}\nUser ${{APACHE_RUN_USER}}\n", "APACHE_RUN_USER")
    light = [program("lighttpd"), "-D", "-f", "l.conf", "-m", f"{DEBIAN}/lib/lighttpd"]
    start("lighttpd-port", "lighttpd", "port-conflict", light, None, files={"l.conf": f'server.document-root="/tmp"\nserver.bind="127.0.0.1"\nserver.port={other}\n'})
    start("lighttpd-syntax", "lighttpd", "invalid-config", light, None, files={"l.conf": 'server.document-root="/tmp"\nserver.port=\n'})
    start("lighttpd-root", "lighttpd", "missing-config", light, "server.document-root", files={"l.conf": "server.port=18090\n"})
    squid = [program("squid"), "-N", "-f", "s.conf", "-d", "1"]
    quiet = "cache_log /dev/stderr\naccess_log none\npid_filename none\ncoredump_dir none\n"
    start("squid-directive", "squid", "invalid-config", squid, None, files={"s.conf": quiet + "http_port 127.0.0.1:31280\nhttp_acces allow all\nacl office src 10.0.0.0/99\n"}, open=True)
    start("squid-acl", "squid", "invalid-config", squid, "office", files={"s.conf": quiet + "http_port 127.0.0.1:31280\nhttp_access allow office\n"}, open=True)
    varnish = [program("varnishd"), "-F", "-a", f"127.0.0.1:{port}", "-n"]
    start("varnish-backend", "varnish", "dns-resolution-failed", [*varnish, WORK / "v1", "-f", WORK / "varnish-backend/shop.vcl"], "api.orders.invalid", None, files={"shop.vcl": 'vcl 4.1;\nbackend default { .host = "api.orders.invalid"; .port = "80"; }\n'})
    start("varnish-vcl", "varnish", "invalid-config", [*varnish, WORK / "v2", "-f", WORK / "varnish-vcl/shop.vcl"], None, files={"shop.vcl": 'vcl 4.1;\nbackend default { .host = "127.0.0.1"; }\nsub vcl_recv { set req.backend = default; }\n'})
    start("varnish-no-file", "varnish", "missing-config", [*varnish, WORK / "v3", "-f", "/etc/varnish/shop.vcl"], "/etc/varnish/shop.vcl")
    start("varnish-port", "varnish", "port-conflict", [program("varnishd"), "-F", "-a", f"127.0.0.1:{other}", "-n", WORK / "v4", "-b", f"{NOBODY}:80"], None)


def proxies():
    bouncer = [program("pgbouncer"), "b.ini"]
    head = "[databases]\nshop = host=10.0.3.5\n[pgbouncer]\nlisten_addr = 127.0.0.1\nunix_socket_dir =\n"
    start("pgbouncer-no-file", "pgbouncer", "missing-config", [program("pgbouncer"), "/etc/pgbouncer/pgbouncer.ini"], "/etc/pgbouncer/pgbouncer.ini", user=65534)
    start("pgbouncer-parameter", "pgbouncer", "invalid-config", bouncer, "pool_mod", files={"b.ini": head + "pool_mod = transaction\nauth_type = trust\nauth_file = u\n", "u": ""}, user=65534)
    start("pgbouncer-root", "pgbouncer", "invalid-config", bouncer, None, files={"b.ini": head}, helps="yes")
    start("pgbouncer-port", "pgbouncer", "port-conflict", bouncer, None, files={"b.ini": head + f"listen_port = {taken(host='127.0.0.1')}\nauth_type = any\n"}, user=65534)
    start("unbound-option", "unbound", "invalid-config", [program("unbound"), "-d", "-c", "u.conf"], "do-ip7", files={"u.conf": "server:\n  do-ip7: yes\n"})
    start("dnsmasq-port", "dnsmasq", "port-conflict", [program("dnsmasq"), "-k", "--port", str(taken(host="127.0.0.1")), "--listen-address=127.0.0.1", "--bind-interfaces"], None)
    start("dnsmasq-option", "dnsmasq", "invalid-config", [program("dnsmasq"), "-k", "--cache-sise=100"], None)
    start("stunnel-certificate", "stunnel", "tls-certificate-error", [program("stunnel4"), "s.conf"], "/etc/stunnel/shop.pem", None, files={"s.conf": "foreground = yes\npid =\n[redis]\naccept = 127.0.0.1:16380\nconnect = 10.0.3.5:6379\ncert = /etc/stunnel/shop.pem\n"})
    caddy = [program("caddy"), "run", "--adapter", "caddyfile", "--config", "Caddyfile"]
    start("caddy-placeholder", "caddy", "invalid-config", caddy, None, files={"Caddyfile": ":{$PORT} {\n  respond ok\n}\n:{$PORT} {\n respond no\n}\n"})
    start("caddy-privileged", "caddy", "file-permission-denied", caddy, ":80", files={"Caddyfile": "{\n  admin off\n}\nhttp://:80 {\n  respond ok\n}\n"}, user=65534)


PARTS = (redis_server, postgres_server, mariadb_server, small_servers, monitoring, web_servers, proxies)
