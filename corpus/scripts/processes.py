#!/usr/bin/env python3
"""Runs programs of several languages into faults of process, files, ports, memory and configuration, and writes what they print as labelled cases.

usage: processes.py OUT.jsonl

Needs Linux, sh, bash and Python; node, nginx and redis-server where they are there. Nothing needs root, nor is made outside a temporary folder.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

WORK = pathlib.Path(tempfile.mkdtemp(prefix="corpus-"))
WORK.chmod(0o755)
CASES = []
PY = shutil.which("python3", path="/usr/local/bin:/usr/bin") or sys.executable
NODE = shutil.which("node")


def case(name, stack, cause, command, key=None, helps=None, env=None, code=None, timeout=20):
    user = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    try:
        done = subprocess.run(command, env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin", "HOME": str(WORK), "NO_COLOR": "1", **(env or {})}, cwd=WORK, timeout=timeout, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **user)
        status, out = done.returncode, done.stdout
    except (subprocess.TimeoutExpired, OSError) as fault:
        print(f"left out: {name}: {fault}", file=sys.stderr)
        return
    for here, there in ((str(WORK), "/app"), (sys.prefix, "/usr/local"), (sys.base_prefix, "/usr/local")):
        out = out.replace(here, there)
    if status == 0 or not out.strip():
        print(f"left out: {name} ended with {status}: {out[-200:]!r}", file=sys.stderr)
        return
    expect = {"cause": cause, **({"key": key} if key else {}), **({"rollbackHelps": helps} if helps else {})}
    CASES.append({"id": name, "stack": stack, "origin": "ran", "evidence": {
        "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "app", "exitCode": status if status >= 0 else 128 - status, "reason": None, "healthStatus": "UNKNOWN"}],
        "logs": out.splitlines()[:400]}, "expect": expect})


def file(name, text, mode=0o644):
    path = WORK / name
    path.write_bytes(text.encode())
    path.chmod(mode)
    return str(path)


def python(name, cause, program, key=None, helps="yes", env=None):
    case(f"python-{name}", "python", cause, [PY, file(f"{name}.py", "print('starting worker')\n" + program)], key, helps, env)


def node(name, cause, program, key=None, helps="yes", env=None, flags=()):
    if NODE:
        case(f"node-{name}", "node", cause, [NODE, *flags, "-e", "console.log('> api@1.4.0 start');" + program], key, helps, env)


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    # The command to start.
    file("crlf.sh", "#!/bin/bash\r\necho hi\r\n", 0o755)
    file("plain.sh", "#!/bin/sh\necho hi\n", 0o644)
    file("nointerpreter.sh", "#!/opt/ruby/bin/ruby\nputs 1\n", 0o755)
    for shell in ("sh", "bash"):
        case(f"{shell}-script-missing", shell, "entrypoint-not-found", [shell, "-c", "/app/start.sh"], "/app/start.sh", "yes")
        case(f"{shell}-script-argument-missing", shell, "entrypoint-not-found", [shell, "/app/boot.sh"], "/app/boot.sh", "yes")
        case(f"{shell}-not-executable", shell, "entrypoint-not-executable", [shell, "-c", str(WORK / "plain.sh")], "/app/plain.sh", "yes")
        case(f"{shell}-crlf", shell, "entrypoint-not-found", [shell, "-c", str(WORK / "crlf.sh")], None, "yes")
        case(f"{shell}-no-interpreter", shell, "entrypoint-not-found", [shell, "-c", str(WORK / "nointerpreter.sh")], None, "yes")
    case("env-crlf", "env", "entrypoint-not-found", ["env", "bash\r", "-c", "true"], None, "yes")
    case("env-no-python", "env", "entrypoint-not-found", ["env", "python9", "main.py"], "python9", "yes")
    case("python-no-file", "python", "entrypoint-not-found", [PY, "main.py"], None, "yes")
    # Libraries.
    python("no-shared-library", "shared-library-missing", "import ctypes; ctypes.CDLL('libpq-orders.so.5')", "libpq-orders.so.5")
    # Code and modules.
    python("no-module", "module-not-found", "import storages", "storages")
    python("no-submodule", "module-not-found", "from xml.nothing import parse", "xml.nothing")
    python("name-error", "code-error", "print(settings.DEBUG)")
    python("type-error", "code-error", "len(5)")
    python("attribute-error", "code-error", "import secrets; secrets.urlsafe(32)")
    python("zero-division", "code-error", "def rate(n): return 1/n\nrate(0)")
    node("no-module", "module-not-found", "require('dotenv-flow')", "dotenv-flow")
    node("no-file", "module-not-found", "require('./dist/server')", "./dist/server")
    node("type-error", "code-error", "const o=undefined;o.listen(3000)")
    node("reference-error", "code-error", "startServer()")
    node("unhandled", "code-error", "Promise.reject(new TypeError('handlers.map is not a function'))")
    # Configuration.
    python("key-error", "missing-config", "import os; os.environ['STRIPE_API_KEY']", "STRIPE_API_KEY")
    python("int-of-env", "invalid-config", "import os; port=int(os.environ['PORT'])", None, "yes", {"PORT": "eighty"})
    node("assert-env", "missing-config", "if(!process.env.SESSION_SECRET_X){throw new Error('Missing required environment variable: SESSION_SECRET_X')}", "SESSION_SECRET_X")
    node("invalid-url", "invalid-config", "new URL(process.env.API_BASE)", None, "yes", {"API_BASE": "not a url"})
    # Ports.
    taken = socket.socket()
    taken.bind(("0.0.0.0", 0))
    taken.listen()
    port = str(taken.getsockname()[1])
    python("port-taken", "port-conflict", f"import http.server; http.server.HTTPServer(('0.0.0.0',{port}),None)", None)
    node("port-taken", "port-conflict", f"require('http').createServer().listen({port},'0.0.0.0')", port)
    node("low-port", "file-permission-denied", "require('http').createServer().listen(80,'127.0.0.1')")
    # Files.
    (WORK / "data").mkdir()
    (WORK / "data").chmod(0o500)
    python("open-denied", "file-permission-denied", f"open('{WORK}/data/cache.db','w')", "/app/data/cache.db")
    python("mkdir-denied", "file-permission-denied", f"import os; os.mkdir('{WORK}/data/tmp')", "/app/data/tmp")
    node("open-denied", "file-permission-denied", f"require('fs').writeFileSync('{WORK}/data/cache.json','x')", "/app/data/cache.json")
    node("mkdir-denied", "file-permission-denied", f"require('fs').mkdirSync('{WORK}/data/uploads')", "/app/data/uploads")
    case("sh-redirect-denied", "sh", "file-permission-denied", ["sh", "-c", f"echo x > {WORK}/data/pid"], "/app/data/pid", "yes")
    case("mkdir-tool-denied", "sh", "file-permission-denied", ["sh", "-c", f"mkdir {WORK}/data/run || exit 1"], "/app/data/run", "yes")
    python("disk-full", "disk-full", "f=open('/dev/full','wb',0)\nf.write(b'x'*4096)", None, None)
    node("disk-full", "disk-full", "require('fs').writeFileSync('/dev/full','x'.repeat(4096))", None, None)
    # Limits.
    node("heap", "out-of-memory", "const a=[];for(;;)a.push(new Array(1e5).fill('x'.repeat(9)+Math.random()))", None, None, None, ("--max-old-space-size=40",))
    python("memory-error", "out-of-memory", "import resource; resource.setrlimit(resource.RLIMIT_AS,(300<<20,300<<20)); b=bytearray(900<<20)", None, None)
    python("too-many-files", "file-descriptors-exhausted", "import resource,os\nresource.setrlimit(resource.RLIMIT_NOFILE,(40,40))\nl=[open('/dev/null') for _ in range(99)]", None, None)
    # Peers.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = closed.getsockname()[1]
    python("http-refused", "dependency-unreachable", f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{gone}/v1/tenants')", None, "no")
    node("fetch-refused", "dependency-unreachable", f"fetch('http://127.0.0.1:{gone}/v1/tenants')", None, "no")
    python("no-host", "dns-resolution-failed", "import urllib.request; urllib.request.urlopen('http://directory.invalid/v1')", None, None)
    node("no-host", "dns-resolution-failed", "require('http').get('http://directory.invalid/v1')", "directory.invalid", None)
    # Servers.
    if shutil.which("nginx"):
        for name, text, cause, key in (
                ("unknown-directive", "events{} http{ serverr{} }", "invalid-config", None),
                ("upstream-unknown", "events{} http{ server{ listen 8089; location / { proxy_pass http://backend.invalid; } } }", "dns-resolution-failed", "backend.invalid"),
                ("no-certificate", "events{} http{ server{ listen 8090 ssl; ssl_certificate /etc/app/tls/full.pem; ssl_certificate_key /etc/app/tls/key.pem; } }", "tls-certificate-error", "/etc/app/tls/full.pem"),
                ("pid-denied", f"pid {WORK}/data/nginx.pid; events{{}} http{{ access_log off; server{{ listen 8091; }} }}", "file-permission-denied", None)):
            conf = file(f"{name}.conf", ("" if "pid " in text else f"pid {WORK}/{name}.pid; ") + "error_log stderr; daemon off; " + text)
            case(f"nginx-{name}", "nginx", cause, ["nginx", "-e", "stderr", "-c", conf], key)
    taken.close()
    (WORK / "data").chmod(0o700)
    shutil.rmtree(WORK, ignore_errors=True)
    out.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in CASES))
    print(f"{len(CASES)} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
