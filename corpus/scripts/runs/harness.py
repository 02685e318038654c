"""What the parts share: a folder and a run for each case, and the peers that programs meet: closed ports, Redis, TLS servers, HTTP answers."""
import atexit
import datetime
import http.server
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path.cwd()
DEBIAN = HERE / "deb" / "usr"
WORK = pathlib.Path(tempfile.mkdtemp(prefix="corpus-"))
WORK.chmod(0o755)
NOBODY = "127.0.0.9"  # Nothing listens there, on whichever port: the usual ports can stand in the logs.
CASES = []
FRAME = re.compile(r"^\s+(?:at |\.\.\. \d+ (?:more|common))")
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/app/6d0ecf831eec9f09"
atexit.register(shutil.rmtree, WORK, ignore_errors=True)


def program(name):
    """The path of a program: of the system, or of the Debian packages that were unpacked into ./deb."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or shutil.which(name, path=f"{DEBIAN}/bin:{DEBIAN}/sbin")
    if not path:
        raise FileNotFoundError(f"{name} is not here")
    return path


def folder(name, files=None):
    made = WORK / name
    made.mkdir(parents=True, exist_ok=True)
    for file, body in (files or {}).items():
        there = made / file
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(body if isinstance(body, bytes) else body.encode())
    return made


def neutral(text, places):
    known = [*places, (str(WORK), "/app"), (str(DEBIAN), "/usr"), (str(HERE), "/app"), (sys.prefix, "/usr/local"), (sys.base_prefix, "/usr/local"), (platform.release(), "6.1.0-18-cloud-amd64")]
    resolvers = re.findall(r"^nameserver (\S+)", pathlib.Path("/etc/resolv.conf").read_text(), re.M)
    for here, there in known + [(each, "10.0.0.2") for each in resolvers]:
        text = text.replace(here, there)
    return re.sub(rf"(?<![\w.-]){re.escape(socket.gethostname())}(?![\w.-])", "ip-10-0-1-12", text)


def shortened(lines, frames=6, most=400):
    """Without the frames beyond the sixth of a block, and without the middle of a very long log."""
    kept, run = [], 0
    for line in lines:
        run = run + 1 if FRAME.match(line) else 0
        if run <= frames:
            kept.append(line)
    return kept if len(kept) <= most else kept[:most // 2] + kept[-most // 2:]


def case(name, stack, cause, command, key=None, helps=None, env=None, user=None, cwd=None, seconds=60, ends=True, places=(), limit=None):
    """Runs the command until it ends, or, where it never ends by itself, for so long, and then stops it as a failed health check would."""
    cwd = cwd or folder(name)
    full = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "LD_LIBRARY_PATH": f"{DEBIAN}/lib/x86_64-linux-gnu", **(env or {})}
    account = {"user": user, "group": user, "extra_groups": []} if user and os.geteuid() == 0 else {}
    with tempfile.TemporaryFile() as out:
        try:
            process = subprocess.Popen([str(each) for each in command], env=full, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=limit, **account)
            code = process.wait(seconds)
        except OSError as fault:
            return print(f"left out: {name}: {fault}", file=sys.stderr)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                code = process.wait(10)
            except subprocess.TimeoutExpired:
                code = -9
            code = "late" if ends else code
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        out.seek(0)
        text = neutral(out.read().decode(errors="replace"), [*places, (str(cwd), "/app")])
    if code == "late" or (code == 0 and ends) or not text.strip():
        return print(f"left out: {name} ended with {code}: {text[-300:]!r}", file=sys.stderr)
    code = code if code >= 0 else 128 - code
    stopped = ({"stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited"} if ends else
               {"stopCode": "ServiceSchedulerInitiated", "stoppedReason": f"Task failed ELB health checks in (target-group {GROUP})"})
    expect = {"cause": cause, **({"key": key} if key else {}), **({"rollbackHelps": helps} if helps else {})}
    CASES.append({"id": name, "stack": stack, "origin": "ran", "evidence": {
        **stopped, "containers": [{"name": "app", "exitCode": code, "reason": None, "healthStatus": "UNKNOWN"}],
        "logs": shortened(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).splitlines())}, "expect": expect})
    print(f"{name}: {code}", file=sys.stderr)


def small_disk(command, size="64k", where="data"):
    """The command with a nearly empty file system of its own in ./data; needs root."""
    return ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size={size},mode=777 none {where} && exec "$@"', "sh", *command]


def read_only(command, where="data"):
    """The command with ./data mounted read-only; needs root."""
    return ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o ro none {where} && exec "$@"', "sh", *command]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def taken(port=0, host="0.0.0.0"):
    """A port that something else listens on."""
    other = socket.socket()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    other.bind((host, port))
    other.listen()
    atexit.register(other.close)
    return other.getsockname()[1]


def background(command, port, seconds=60, env=None, cwd=WORK):
    """Starts a peer and waits until it listens."""
    process = subprocess.Popen([str(each) for each in command], cwd=cwd, env={**os.environ, "LD_LIBRARY_PATH": f"{DEBIAN}/lib/x86_64-linux-gnu", **(env or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    atexit.register(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
    until = time.time() + seconds
    while time.time() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(f"{command[0]} does not listen on {port}")


def redis(*options):
    port = free_port()
    background([program("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", WORK, *options], port)
    return port


def http_answer(status, body=b"", kind="text/plain"):
    """A server that answers every request so; its port."""
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_POST = do_PUT = do_HEAD = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def certificate(name="localhost", days=30):
    """A self-signed certificate and its key, as PEM files; a negative number of days has passed already."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    made = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    start = now - datetime.timedelta(days=400)
    signed = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(made.public_key()).serial_number(x509.random_serial_number())
              .not_valid_before(start).not_valid_after(now + datetime.timedelta(days=days)).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
              .add_extension(x509.BasicConstraints(True, None), True).sign(made, hashes.SHA256()))
    at = folder(f"tls-{name}-{days}", {
        "tls.crt": signed.public_bytes(serialization.Encoding.PEM),
        "tls.key": made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())})
    return at / "tls.crt", at / "tls.key"


def tls_server(name="localhost", days=30):
    """A TLS server with such a certificate; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(name, days))
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            peer, _ = listener.accept()
            try:
                context.wrap_socket(peer, server_side=True).close()
            except OSError:
                peer.close()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def write(path):
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in CASES))
