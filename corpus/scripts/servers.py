#!/usr/bin/env python3
"""Starts servers and proxies with faults in their configuration, ports, files and peers, and writes what they print as labelled cases.

usage: servers.py OUT.jsonl

Needs Linux, Python, and those of nginx, haproxy, rabbitmq-server, elixir, erl that are there (packages of Debian 12), and caddy when it is on the path. Nothing needs root, nor is made outside a temporary folder.
"""
import json
import pathlib
import shutil
import socket
import sys

import processes
from processes import CASES, WORK, case, file


def when(program, run):
    path = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/lib/rabbitmq/bin") or shutil.which(program)
    if path:
        run(path)
    else:
        print(f"left out: {program} is not here", file=sys.stderr)


def taken():
    """A port that something else listens on."""
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    return other, other.getsockname()[1]


def nginx(path):
    def run(name, cause, text, key=None, helps="yes", top="", events="events {}\n"):
        conf = file(f"nginx-{name}.conf", f"daemon off;\npid {WORK}/nginx.pid;\nerror_log stderr;\n{top}{events}http {{\n  access_log off;\n"
                    + "".join(f"  {kind}_temp_path {WORK}/t-{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + text + "\n}\n")
        case(f"server-nginx-{name}", "nginx", cause, [path, "-e", "stderr", "-c", conf], key, helps)

    other, port = taken()
    run("port-taken", "port-conflict", f"server {{ listen 127.0.0.1:{port}; }}", str(port))
    run("directive", "invalid-config", "server { lissten 8080; }", "lissten")
    run("arguments", "invalid-config", "server { listen 8080; proxy_connect_timeout; }", "proxy_connect_timeout")
    run("value", "invalid-config", "server { listen 8080; client_max_body_size ten; }", "client_max_body_size")
    run("flag", "invalid-config", "server { listen 8080; gzip maybe; }")
    run("context", "invalid-config", "location / { return 200; }", "location")
    run("brace", "invalid-config", "server { listen 8080;")
    run("semicolon", "invalid-config", "server { listen 8080 server_name x; }")
    run("variable", "invalid-config", "server { listen 8080; return 200 $nothing; }", "nothing")
    run("duplicate", "invalid-config", "server { listen 8080; root /a; root /b; }", "root")
    run("default-server", "invalid-config", "server { listen 8080 default_server; } server { listen 8080 default_server; }")
    run("no-events", "invalid-config", "server { listen 8080; }", events="")
    run("upstream-name", "dns-resolution-failed", "server { listen 8080; location / { proxy_pass http://api.invalid:9000; } }", "api.invalid", None)
    run("empty-upstream", "invalid-config", "upstream api { }\nserver { listen 8080; location / { proxy_pass http://api; } }")
    run("certificate", "tls-certificate-error", "server { listen 8443 ssl; ssl_certificate /app/tls.crt; ssl_certificate_key /app/tls.key; }", "/app/tls.crt", None)
    run("include", "missing-config", "include /app/sites/shop.conf;", "/app/sites/shop.conf")
    run("module", "shared-library-missing", "server { listen 8080; }", "ngx_http_brotli_filter_module.so", top="load_module /app/modules/ngx_http_brotli_filter_module.so;\n")
    run("user-port", "file-permission-denied", "server { listen 80; }", "0.0.0.0:80")
    run("mime", "missing-config", "include /app/mime.types;", "/app/mime.types")
    other.close()


def haproxy(path):
    def run(name, cause, text, key=None, helps="yes"):
        conf = file(f"haproxy-{name}.cfg", "defaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n" + text)
        case(f"server-haproxy-{name}", "haproxy", cause, [path, "-db", "-f", conf], key, helps)

    other, port = taken()
    run("port-taken", "port-conflict", f"frontend web\n  bind 127.0.0.1:{port}\n", str(port))
    run("keyword", "invalid-config", "backend api\n  sever a 127.0.0.1:9000\n", "sever")
    run("option", "invalid-config", "backend api\n  server a 127.0.0.1:9000 chekc\n", "chekc")
    run("backend", "invalid-config", f"frontend web\n  bind 127.0.0.1:{port + 1}\n  default_backend api\n", "api")
    run("name", "dns-resolution-failed", "backend api\n  server a api.invalid:9000\n", "api.invalid", None)
    run("certificate", "tls-certificate-error", f"frontend web\n  bind 127.0.0.1:{port + 1} ssl crt /app/tls.pem\n", "/app/tls.pem", None)
    run("timeout", "invalid-config", "backend api\n  timeout server soon\n")
    run("balance", "invalid-config", "backend api\n  balance fairly\n")
    run("acl", "invalid-config", f"frontend web\n  bind 127.0.0.1:{port + 1}\n  use_backend api if is_api\n", "is_api")
    run("privileged", "file-permission-denied", "frontend web\n  bind 0.0.0.0:80\n", "80")
    case("server-haproxy-no-file", "haproxy", "missing-config", [path, "-db", "-f", "/app/haproxy.cfg"], "/app/haproxy.cfg", "yes")
    other.close()


def rabbitmq(path):
    def run(name, cause, text, key=None, helps="yes", env=None, plugins=""):
        base = WORK / f"rabbit-{name}"
        base.mkdir()
        base.chmod(0o777)
        conf = file(f"rabbit-{name}.conf", text)
        case(f"server-rabbitmq-{name}", "rabbitmq", cause, [path], key, helps, timeout=60, env={
            "RABBITMQ_CONFIG_FILE": conf, "RABBITMQ_MNESIA_BASE": str(base), "RABBITMQ_LOG_BASE": str(base), "RABBITMQ_LOGS": "-", "HOME": str(base),
            "RABBITMQ_NODENAME": f"r{name.replace('-', '')}@localhost", "RABBITMQ_ENABLED_PLUGINS_FILE": file(f"rabbit-{name}.plugins", plugins or "[]."),
            "ERL_EPMD_PORT": "24369", "RABBITMQ_DIST_PORT": "24672", **(env or {})})

    other, port = taken()
    run("port-taken", "port-conflict", f"listeners.tcp.default = 127.0.0.1:{port}\n", str(port))
    run("setting", "invalid-config", "listners.tcp.default = 25999\n", "listners.tcp.default")
    run("value", "invalid-config", "listeners.tcp.default = often\n")
    run("memory", "invalid-config", "vm_memory_high_watermark.relative = much\n")
    locked = WORK / "locked"
    locked.mkdir(0o555)
    run("data-not-writable", "file-permission-denied", "listeners.tcp.default = 25998\n", env={"RABBITMQ_MNESIA_BASE": str(locked)})
    run("plugin", "invalid-config", "listeners.tcp.default = 25997\n", plugins="[rabbitmq_shovel_x")
    other.close()


def elixir(path):
    def run(name, cause, program, key=None, helps="yes"):
        case(f"server-elixir-{name}", "elixir", cause, [path, "-e", program], key, helps, timeout=60)

    run("no-variable", "missing-config", 'System.fetch_env!("SECRET_KEY_BASE")', "SECRET_KEY_BASE")
    run("raise", "missing-config", 'System.get_env("DATABASE_URL") || raise "environment variable DATABASE_URL is missing."', "DATABASE_URL")
    run("no-clause", "code-error", 'defmodule Rates do\n def of(:eur), do: 1\nend\nRates.of(:usd)')
    run("nil", "code-error", "nil.name")
    run("undefined", "module-not-found", 'Jason.decode!("{}")', "Jason")
    run("arithmetic", "code-error", 'String.length("a") + "1"')
    run("match", "code-error", '{:ok, a} = {:error, :enoent}')
    run("key", "code-error", "Map.fetch!(%{}, :rate)")
    run("syntax", "code-error", "def (")
    case("server-elixir-no-script", "elixir", "entrypoint-not-found", [path, "/app/run.exs"], "/app/run.exs", "yes", timeout=60)
    other, port = taken()
    run("port-taken", "port-conflict", f"{{:ok, _}} = :gen_tcp.listen({port}, [])")
    run("refused", "dependency-unreachable", '{:ok, _} = :gen_tcp.connect(\'127.0.0.1\', 1, [])', None, None)
    run("no-host", "dns-resolution-failed", '{:ok, _} = :gen_tcp.connect(\'cache.invalid\', 6379, [])', None, None)
    run("no-file", "missing-config", 'File.read!("/app/config/settings.json")', "/app/config/settings.json")
    run("not-writable", "file-permission-denied", 'File.write!("/proc/version", "x")', "/proc/version")
    other.close()


def caddy(path):
    def run(name, cause, text, key=None, helps="yes"):
        case(f"server-caddy-{name}", "caddy", cause, [path, "run", "--adapter", "caddyfile", "--config", file(f"Caddyfile-{name}", text)], key, helps)

    other, port = taken()
    off = "{\n  admin off\n  auto_https off\n}\n"
    run("port-taken", "port-conflict", f"{off}http://127.0.0.1:{port} {{\n  respond ok\n}}\n", str(port))
    run("directive", "invalid-config", f"{off}:8099 {{\n  reverse_prxy api:9000\n}}\n", "reverse_prxy")
    run("option", "invalid-config", "{\n  emial a@b.c\n}\n", "emial")
    run("brace", "invalid-config", ":8099 {\n  respond ok\n")
    run("certificate", "tls-certificate-error", f"{off}https://x.invalid:8098 {{\n  tls /app/tls.crt /app/tls.key\n}}\n", "/app/tls.crt", None)
    run("import", "missing-config", f"{off}import /app/sites/shop.caddy\n", "/app/sites/shop.caddy")
    case("server-caddy-no-file", "caddy", "missing-config", [path, "run", "--config", "/app/Caddyfile"], "/app/Caddyfile", "yes")
    other.close()


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    WORK.chmod(0o777)
    for program, run in (("nginx", nginx), ("haproxy", haproxy), ("rabbitmq-server", rabbitmq), ("elixir", elixir), ("caddy", caddy)):
        when(program, run)
    out.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in CASES))
    print(f"{len(CASES)} cases")
    shutil.rmtree(processes.WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
