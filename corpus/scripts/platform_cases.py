#!/usr/bin/env python3
"""Writes corpus/images.jsonl, health.jsonl and platform.jsonl.

Cases with origin "ran" are made by starting the real program into the fault, with whatever of tini, busybox, bash, dash, node, java, nginx,
gcc and setpriv is on the PATH (or in the folders given as arguments); a program that is absent leaves its cases out. "documented" cases are
messages of ECS, ELB and Docker with names of our own; "composed" ones put a documented ending on a healthy or misleading log.
Paths of the working folder are written as /app.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
PATH = os.pathsep.join([*sys.argv[1:], os.environ["PATH"]])
TG = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0aa1bb2cc3dd4ee5"
ELB = f"Task failed ELB health checks in (target-group {TG})"
CHECK = "Task failed container health checks"
EXITED = "Essential container in task exited"
SCALED = "Scaling activity initiated by (deployment ecs-svc/7512340987612345678)"
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
RETRY = "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
INIT = "ResourceInitializationError: "
CREATE = "CannotStartContainerError: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
cases = {"images": [], "health": [], "platform": []}


def add(file, cause, key, helps, origin, stack="ecs", code=None, reason=None, logs=(), exit=None, why=None, health="UNKNOWN", containers=None,
        targets=(), events=(), definition=None):
    evidence = {"stopCode": code, "stoppedReason": reason, "logs": list(logs)}
    evidence["containers"] = containers if containers is not None else [
        {"name": "app", "exitCode": exit, "reason": why, "healthStatus": health}] if (exit is not None or why or health != "UNKNOWN") else []
    if targets:
        evidence["targetHealth"] = [{"state": "unhealthy", "reason": r, "description": d} for r, d in targets]
    if events:
        evidence["serviceEvents"] = list(events)
    if definition:
        evidence["taskDefinition"] = definition
    number = len(cases[file]) + 1
    cases[file].append({"id": f"{file}-{number:03}", "stack": stack, "origin": origin, "evidence": evidence,
                        "expect": {"cause": cause, "key": key, "rollbackHelps": helps}})


def crash(file, cause, key, helps, logs, exit, stack, origin="ran", **more):
    add(file, cause, key, helps, origin, stack, "EssentialContainerExited", EXITED, logs, exit, **more)


def unstarted(cause, key, helps, text, origin="documented", in_container=False, file="images", **more):
    if in_container:
        add(file, cause, key, helps, origin, code="TaskFailedToStart", reason="Task failed to start", why=text, **more)
    else:
        add(file, cause, key, helps, origin, code="TaskFailedToStart", reason=text, **more)


def ran(folder):
    """Starts real programs into real faults."""
    def write(name, text, mode=0o755):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)

    def run(cause, key, helps, stack, *command, user=False):
        program = shutil.which(command[0], path=PATH)
        helper = shutil.which("setpriv", path=PATH)
        if program is None or (user and (helper is None or os.geteuid() != 0)):
            return
        command = [program, *command[1:]]
        if user:
            command = [helper, "--reuid", "65534", "--regid", "65534", "--clear-groups", *command]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=60, env={"PATH": PATH, "HOME": "/"})
        text = (done.stdout + done.stderr).replace(str(folder), "/app").replace(program, command[-len(command):][0].rsplit("/", 1)[-1])
        crash("images", cause, key, helps, text.splitlines()[:40], done.returncode, stack)

    write("crlf.sh", "#!/bin/bash\r\necho hello\r\n")
    write("crlfenv.sh", "#!/usr/bin/env bash\r\necho hello\r\n")
    write("crlfset.sh", "#!/bin/sh\nset -e\r\n")
    write("locked.sh", "#!/bin/sh\necho\n", 0o644)
    write("foreign", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xb7\x00\x01" + bytes(4096))
    write("hand-over.sh", "#!/bin/sh\nexec gunicornn app:app\n")
    kept = folder / "kept"
    kept.mkdir(mode=0o700)
    folder.chmod(0o755)
    for shell in ("dash", "bash"):
        for name in ("start.sh", "servd"):
            run("entrypoint-not-found", name, "yes", shell, shell, "-c", "./" + name)
        run("entrypoint-not-found", "crlf.sh", "yes", shell, shell, "-c", "./crlf.sh")
        run("entrypoint-not-found", "bash", "yes", shell, shell, "-c", "exec ./crlfenv.sh")
        run("entrypoint-not-executable", "locked.sh", "yes", shell, shell, "-c", "./locked.sh")
        run("architecture-mismatch", "foreign", "yes", shell, shell, "-c", "./foreign")
        run("entrypoint-not-found", "main.sh", "yes", shell, shell, "main.sh")
    run("entrypoint-not-found", "crlfset.sh", "yes", "dash", "dash", "crlfset.sh")
    run("entrypoint-not-found", "gunicornn", "yes", "dash", "dash", str(folder / "hand-over.sh"))
    run("entrypoint-not-found", "missing.sh", "yes", "busybox", "busybox", "sh", "missing.sh")
    run("entrypoint-not-found", "server", "yes", "busybox", "busybox", "sh", "-c", "./server")
    run("entrypoint-not-found", "/app/server", "yes", "tini", "tini", "-s", "--", "/opt/none/server")
    cases["images"] and cases["images"][-1]["expect"].update(key="/opt/none/server")
    run("entrypoint-not-executable", "locked.sh", "yes", "tini", "tini", "-s", "--", "./locked.sh")
    run("entrypoint-not-found", "missing.py", "yes", "python", "/usr/bin/python3", "missing.py")
    run("file-permission-denied", "/app/kept/cache", "yes", "python", "/usr/bin/python3", "-c", f"import os; os.makedirs('{kept}/cache')", user=True)
    run("file-permission-denied", "/app/kept/uploads", "yes", "node", "node", "-e", f"require('fs').mkdirSync('{kept}/uploads')", user=True)
    run("file-permission-denied", "0.0.0.0:80", "yes", "node", "node", "-e", "require('net').createServer().listen(80,'0.0.0.0')", user=True)
    run("file-permission-denied", "/app/kept/pid", "yes", "dash", "dash", "-c", f"echo 1 > {kept}/pid", user=True)
    run("file-permission-denied", "/app/kept/data", "yes", "shell", "mkdir", f"{kept}/data", user=True)
    run("file-permission-denied", "/app/kept/data", "yes", "shell", "touch", f"{kept}/data", user=True)
    run("shared-library-missing", "libvips.so.42", "yes", "python", "/usr/bin/python3", "-c", "import ctypes; ctypes.CDLL('libvips.so.42')")
    if shutil.which("gcc", path=PATH):
        write("library.c", "int invoice(void){return 1;}\n")
        write("main.c", "int invoice(void);int main(void){return invoice();}\n")
        subprocess.run("gcc -shared -o libinvoice.so library.c && gcc -o billing main.c -L. -linvoice && rm libinvoice.so", shell=True, cwd=folder, check=True)
        run("shared-library-missing", "libinvoice.so", "yes", "c", str(folder / "billing"))


def runtimes():
    """Words of runc, as ECS wraps them."""
    for text, cause, key in [
            ('exec: "/app/start.sh": stat /app/start.sh: no such file or directory: unknown', "entrypoint-not-found", "/app/start.sh"),
            ('exec: "gunicorn": executable file not found in $PATH: unknown', "entrypoint-not-found", "gunicorn"),
            ('exec: "npm run start": executable file not found in $PATH: unknown', "entrypoint-not-found", "npm run start"),
            ('exec: "/app/run.sh": permission denied: unknown', "entrypoint-not-executable", "/app/run.sh"),
            ('exec: "/app": permission denied: unknown', "entrypoint-not-executable", "/app"),
            ('exec: "/app/server": exec format error: unknown', "architecture-mismatch", "/app/server"),
            ('error mounting "/opt/app.conf" to rootfs at "/etc/app.conf": not a directory: unknown', "volume-mount-failed", "/opt/app.conf")]:
        unstarted(cause, key, "depends" if cause.startswith("volume") else "yes", CREATE + text, "composed", in_container=True)
    crash("images", "entrypoint-not-found", "/app/crlf.sh", "yes", ["exec /app/crlf.sh: no such file or directory"], 1, "runc", "composed")
    crash("images", "entrypoint-not-found", "/docker-entrypoint.sh", "yes", ["exec /docker-entrypoint.sh: exec format error"], 255, "runc", "documented")
    crash("images", "architecture-mismatch", "/usr/local/bin/node", "yes", ["exec /usr/local/bin/node: exec format error"], 255, "runc", "composed")
    crash("images", "architecture-mismatch", None, "yes", ["standard_init_linux.go:228: exec user process caused: exec format error"], 1, "runc", "documented")
    crash("images", "entrypoint-not-found", None, "yes", ["standard_init_linux.go:211: exec user process caused \"no such file or directory\""], 1, "runc", "documented")


def pulls():
    tag = ECR + "/web:v42"
    unstarted("image-not-found", tag, "yes", f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {tag}: {tag}: not found")
    unstarted("image-not-found", "library/nginx:1.99", "yes", "CannotPullContainerError: Error response from daemon: manifest for library/nginx:1.99 not found: manifest unknown: manifest unknown", in_container=True)
    unstarted("image-not-found", "wbe", "yes", f"CannotPullContainerError: Error response from daemon: repository {ECR}/wbe not found: name unknown: The repository with name 'wbe' does not exist in the registry with id '123456789012'")
    unstarted("image-not-found", "nginxx", "yes", "CannotPullContainerError: Error response from daemon: pull access denied for nginxx, repository does not exist or may require 'docker login': denied: requested access to the resource is denied")
    unstarted("image-not-found", "regstry.example.io/shop/web:3", "yes", RETRY + 'regstry.example.io/shop/web:3: failed to do request: Head "https://regstry.example.io/v2/shop/web/manifests/3": dial tcp: lookup regstry.example.io on 10.0.0.2:53: no such host')
    unstarted("image-not-found", f"{ECR}/api@sha256:1f2e", "yes", f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {ECR}/api@sha256:1f2e: {ECR}/api@sha256:1f2e: not found")
    unstarted("image-pull-denied", None, "depends", INIT + "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/web-exec/0c1d is not authorized to perform: ecr:GetAuthorizationToken on resource: *")
    unstarted("image-pull-denied", ECR, "depends", f"CannotPullContainerError: Error response from daemon: Get https://{ECR}/v2/web/manifests/v7: no basic auth credentials", in_container=True)
    unstarted("image-pull-denied", "ghcr.io/acme/api:9", "depends", "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ghcr.io/acme/api:9: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 401 Unauthorized")
    unstarted("image-pull-denied", f"{ECR}/base:2", "depends", f"CannotPullContainerError: Error response from daemon: pull access denied for {ECR}/base:2, repository does not exist or may require 'docker login': denied: User: arn:aws:sts::210987654321:assumed-role/x/1 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/base because no resource-based policy allows the ecr:BatchGetImage action")
    for text, host in [('docker.io/library/nginx:1.27: failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp 34.226.69.105:443: i/o timeout', "registry-1.docker.io"),
                       (f'{tag}: failed to do request: Head "https://{ECR}/v2/web/manifests/v42": dial tcp 10.0.1.9:443: connect: connection refused', ECR),
                       ('quay.io/acme/web:3: failed to do request: Head "https://quay.io/v2/acme/web/manifests/3": net/http: TLS handshake timeout', "quay.io"),
                       ('docker.io/library/nginx:1.27: failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host', "registry-1.docker.io")]:
        unstarted("image-pull-network", host, "no", RETRY + text)
    unstarted("image-pull-rate-limited", "registry-1.docker.io", "no", "CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:0a1b: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.")
    unstarted("image-pull-rate-limited", None, "no", "CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading", in_container=True)
    unstarted("image-pull-rate-limited", "public.ecr.aws/docker/library/nginx:1.27", "no", RETRY + "public.ecr.aws/docker/library/nginx:1.27: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://public.ecr.aws/token/: 429 Too Many Requests")
    unstarted("image-pull-rate-limited", None, "no", "CannotPullContainerError: ECR GetAuthorizationToken: ThrottlingException: Rate exceeded")
    unstarted("architecture-mismatch", "linux/amd64", "yes", "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'")
    unstarted("disk-full", "/usr/lib/libLLVM-15.so.1", "depends", "CannotPullContainerError: Error response from daemon: failed to register layer: write /usr/lib/libLLVM-15.so.1: no space left on device", in_container=True)
    unstarted("unknown", None, "depends", "CannotPullContainerError: pull image manifest has been retried 5 time(s)")
    unstarted("unknown", None, "depends", "CannotStartContainerError: Error response from daemon: OCI runtime create fai", in_container=True)


def platform():
    def no(cause, key, helps, text, **more):
        unstarted(cause, key, helps, text, file="platform", **more)
    group = {"family": "web", "containerDefinitions": [{"name": "app", "image": "web:1", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}}}]}
    missing = INIT + "failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1"
    no("log-driver-failed", None, "depends", missing)
    no("log-driver-failed", "/ecs/web", "depends", missing, definition=group)
    no("log-driver-failed", "/ecs/web", "depends", INIT + "failed to validate logger args: create stream has been retried 1 times: failed to create CloudWatch log group: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/web-exec/9a0b is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:log-stream:")
    no("log-driver-failed", None, "depends", "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: dial tcp 127.0.0.1:24224: connect: connection refused", in_container=True)
    no("task-network-broken", "CloudWatch", "no", INIT + "failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed")
    no("task-network-broken", "api.ecr.eu-west-1.amazonaws.com", "no", INIT + 'unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. : RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.1:443: i/o timeout')
    no("task-network-broken", None, "no", "Timeout waiting for network interface provisioning to complete.")
    no("task-network-broken", "secretsmanager.eu-west-1.amazonaws.com", "no", INIT + 'unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): RequestError: send request failed caused by: Post "https://secretsmanager.eu-west-1.amazonaws.com/": dial tcp 52.95.1.2:443: i/o timeout')
    for arn, words in [("web-task", "ECS was unable to assume the role '{}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role."),
                       ("ecsInfrastructureRole", "ECS was unable to assume the configured ECS Infrastructure Role '{}'. Please verify that the role being passed has the proper trust relationship with Amazon ECS"),
                       ("web-exec", INIT + "unable to pull secrets or registry auth: execution resource retrieval failed: AccessDenied: User: arn:aws:sts::123456789012:assumed-role/ecs/1 is not authorized to perform: sts:AssumeRole on resource: {}")]:
        role = "arn:aws:iam::123456789012:role/" + arn
        no("role-assumption-failed", role, "depends", words.format(role))
    role = "arn:aws:iam::123456789012:role/jobs"
    add("platform", "role-assumption-failed", role, "depends", "documented", events=[f"(service jobs) failed to launch a task with (error ECS was unable to assume the role '{role}' that was provided for this task.)."])
    for text in ('stderr: Failed to resolve "fs-0a1b2c3d4e5f67890.efs.eu-west-1.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID.',
                 "stderr: b'mount.nfs4: mounting fs-0a1b2c3d4e5f67890.efs.eu-west-1.amazonaws.com:/grafana failed, reason given by server: No such file or directory' : unsuccessful EFS utils command execution; code: 32"):
        no("volume-mount-failed", "fs-0a1b2c3d4e5f67890", "depends", INIT + "failed to invoke EFS utils commands to set up EFS volumes: " + text)
    no("volume-mount-failed", None, "depends", INIT + "failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32")
    no("volume-mount-failed", "/ecs/data", "depends", 'CannotCreateContainerError: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /ecs/data', in_container=True)
    secret = INIT + "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): "
    no("secret-unavailable", "prod/cart/db", "depends", secret + "failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/cart/db-Ab12Cd from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.")
    no("secret-unavailable", "prod/cart/db", "depends", secret + "retrieved secret from Secrets Manager did not contain json key passwd for secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/cart/db-Ab12Cd")
    no("secret-unavailable", "/cart/token", "depends", INIT + "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /cart/token")
    no("secret-unavailable", "cart/token", "depends", INIT + "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cart-exec/1 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/cart/token because no identity-based policy allows the ssm:GetParameters action")
    closest = "(service edge) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b2c) "
    for words, key in [("has insufficient memory available.", "memory"), ("has insufficient CPU units available.", "cpu"), ("is already using a port required by your task.", "port"), ("is missing an attribute required by your task.", "attribute")]:
        add("platform", "capacity-unavailable", key, "no", "documented", events=[closest + words])
    no("capacity-unavailable", "subnet-0a1b2c3d", "no", "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0a1b2c3d': InsufficientFreeAddressesInSubnet")
    add("platform", "host-lost", "0a1b2c", "no", "documented", events=[closest + "doesn't have the agent connected."])
    add("platform", "host-lost", "i-0a1b2c3d4e5f67890", "no", "documented", reason="Host EC2 (instance i-0a1b2c3d4e5f67890) terminated.", containers=[{"name": "app", "exitCode": None}])
    add("platform", "host-lost", None, "no", "composed", code="SpotInterruption", reason="Your Spot Task was interrupted.", exit=143, logs=["Error: connect ECONNREFUSED 10.0.3.4:5432", "SIGTERM received"])
    add("platform", "host-lost", None, "no", "composed", code="TerminationNotice", exit=137, logs=["java.lang.InterruptedException: sleep interrupted"])
    add("platform", "host-lost", None, "no", "documented", reason="ECS is performing maintenance on the underlying infrastructure hosting the task.", exit=137)
    for helper, code, why, logs in [("datadog-agent", 1, None, ["You must set an DD_API_KEY environment variable to run the Datadog Agent container"]),
                                    ("log_router", 255, None, ["[error] [config] section 'cloudwatch_log' tried to instance a plugin name that doesn't exist"]),
                                    ("envoy", 137, "OutOfMemoryError: Container killed due to memory usage", []),
                                    ("aws-otel-collector", 1, None, ["Error: cannot start pipelines: listen tcp 0.0.0.0:4317: bind: address already in use"]),
                                    ("xray-daemon", 1, None, ["[Error] Unable to retrieve region: NoCredentialProviders: no valid providers in chain"])]:
        add("platform", "sidecar-failed", helper, "depends", "composed", code="EssentialContainerExited", reason=EXITED, logs=["Server listening on port 8080", *logs],
            containers=[{"name": "app", "exitCode": 143}, {"name": helper, "exitCode": code, "reason": why}])
    add("platform", "module-not-found", "dotenv", "yes", "composed", code="EssentialContainerExited", reason=EXITED, logs=["Error: Cannot find module 'dotenv'"],
        containers=[{"name": "app", "exitCode": 1}, {"name": "datadog-agent", "exitCode": 0}])
    add("platform", "out-of-memory", None, "depends", "documented", code="EssentialContainerExited", reason=EXITED, exit=0, why="OutOfMemoryError: Container killed due to memory usage")
    add("platform", "port-conflict", "0.0.0.0:80", "yes", "documented", why="CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-web-3: Bind for 0.0.0.0:80 failed: port is already allocated")
    for code, logs in [(0, ["closed"]), (143, ["ERROR could not flush 3 failed spans on shutdown"]), (137, ["Exception in background job: retry later"]), (1, ["npm error signal SIGTERM", "npm error command failed"])]:
        add("platform", "not-a-failure", None, "no", "composed", code="ServiceSchedulerInitiated", reason=SCALED, exit=code, logs=["listening on 3000", *logs])
    add("platform", "not-a-failure", None, "no", "composed", code="UserInitiated", reason="CannotPullContainerError: pull access denied, says whoever stopped it", exit=143)
    add("platform", "not-a-failure", None, "no", "documented", reason="Task stopped by user", exit=137)
    add("platform", "not-a-failure", None, "no", "composed", events=["(service web) has reached a steady state."], logs=["GET /search?q=error+failed 200", "0 errors, 0 failed"])
    add("platform", "not-a-failure", None, "no", "composed", code="ServiceSchedulerInitiated", exit=143, logs=["WARN connection refused by cache, using the local copy"])


def health():
    def elb(cause, key, helps, logs=(), origin="composed", reason=ELB, **more):
        add("health", cause, key, helps, origin, "http", "ServiceSchedulerInitiated", reason, logs, **more)
    for code in (301, 302, 400, 401, 403, 404):
        elb("health-check-path-mismatch", "/health", "yes", [f'10.0.1.20 - - [07/Mar/2026:15:27:09 +0000] "GET /health HTTP/1.1" {code} 153 "-" "ELB-HealthChecker/2.0"'], targets=[("Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{code}]")])
    elb("health-check-path-mismatch", "/status.html", "yes", ['10.0.1.20 - - [07/Mar/2026:15:27:09 +0000] "GET /status.html HTTP/1.1" 404 153 "-" "ELB-HealthChecker/2.0"'])
    elb("health-check-path-mismatch", "10.0.1.5:8000", "yes", ["ERROR django.security.DisallowedHost Invalid HTTP_HOST header: '10.0.1.5:8000'. You may need to add '10.0.1.5' to ALLOWED_HOSTS."])
    elb("health-check-path-mismatch", "/healthz", "yes", ['INFO:     127.0.0.1:4242 - "GET /healthz HTTP/1.1" 404 Not Found', "curl: (22) The requested URL returned error: 404"], reason=CHECK, health="UNHEALTHY")
    for code in (500, 502, 503):
        elb("health-check-dependency-failing", None, "no", targets=[("Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{code}]")], origin="documented")
    elb("health-check-dependency-failing", "/health", "no", ['INFO:     127.0.0.1:4242 - "GET /health HTTP/1.1" 503 Service Unavailable'], reason=CHECK, health="UNHEALTHY")
    elb("health-check-timeout", "8080", "depends", events=[f"(service web) (port 8080) is unhealthy in (target-group {TG}) due to (reason Request timed out)."], origin="documented")
    elb("health-check-timeout", "8080", "depends", events=[f"(service web) (port 8080) is unhealthy in (target-group {TG}) due to (reason Health checks failed)."], origin="documented")
    elb("health-check-timeout", None, "depends", origin="documented")
    elb("health-check-timeout", "8080", "depends", ["curl: (7) Failed to connect to localhost port 8080 after 0 ms: Connection refused"], reason=CHECK, health="UNHEALTHY")
    elb("health-check-timeout", "3000", "yes", ["Server listening on port 3000"], events=[f"(service web) (port 8080) is unhealthy in (target-group {TG}) due to (reason Health checks failed)."])
    elb("health-check-command-missing", "curl", "yes", ["Uvicorn running on http://0.0.0.0:8000", "/bin/sh: 1: curl: not found"], reason=CHECK, health="UNHEALTHY")
    elb("health-check-command-missing", "wget", "yes", ['OCI runtime exec failed: exec failed: unable to start container process: exec: "wget": executable file not found in $PATH: unknown'], reason=CHECK, health="UNHEALTHY")
    elb("health-check-command-missing", "curl", "yes", ["/bin/sh: curl: not found"], reason=CHECK, health="UNHEALTHY")
    elb("health-check-command-missing", "/app/probe", "yes", ['OCI runtime exec failed: exec failed: unable to start container process: exec: "/app/probe": stat /app/probe: no such file or directory: unknown'], reason=CHECK, health="UNHEALTHY")
    for seconds in ("95.2", "140.71", "312"):
        elb("startup-too-slow", seconds.split(".")[0] + " s", "depends", [f"2026-03-07T15:27:09.000Z  INFO 1 --- [           main] c.a.OrdersApplication : Started OrdersApplication in {seconds} seconds (process running for 400.2)"], exit=143)
    check = {"family": "web", "containerDefinitions": [{"name": "app", "image": "web:1", "healthCheck": {"command": ["CMD-SHELL", "wget -q -O- localhost"], "interval": 10, "retries": 3, "startPeriod": 30}}]}
    elb("startup-too-slow", "70 s", "depends", ["Ready in 70s"], reason=CHECK, health="UNHEALTHY", definition=check)
    for text, cause, key, helps in [("ModuleNotFoundError: No module named 'storages'", "module-not-found", "storages", "yes"),
                                    ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "out-of-memory", "heap", "depends"),
                                    ("Error: listen EADDRINUSE: address already in use 0.0.0.0:3000", "port-conflict", "3000", "yes"),
                                    ("OSError: [Errno 30] Read-only file system: '/app/cache'", "file-permission-denied", "/app/cache", "yes"),
                                    ("Error: ENOSPC: no space left on device, write", "disk-full", None, "depends")]:
        elb(cause, key, helps, [text])
    elb("listener-misrouted", None, "no", reason=None, targets=[("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer")], origin="documented")


runtimes()
pulls()
platform()
health()
with tempfile.TemporaryDirectory() as folder:
    ran(pathlib.Path(folder).resolve())
for name, rows in cases.items():
    (HERE / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(name, len(rows), file=sys.stderr)
