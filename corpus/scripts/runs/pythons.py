"""Python: ASGI and WSGI servers, Flask, Django, Celery and other workers, settings libraries, clients of brokers, stores and AWS.

Run with the Python of an environment that has fastapi uvicorn[standard] gunicorn flask flask-sqlalchemy django django-environ celery redis kafka-python
confluent-kafka aiokafka pika aio-pika pymongo aiohttp pydantic-settings sqlalchemy alembic python-decouple dynaconf sanic hypercorn daphne dramatiq rq
elasticsearch boto3 moto[server] nats-py hvac grpcio cryptography.
"""
import pathlib
import resource
import sys

from harness import NOBODY, background, case, folder, free_port, http_answer, read_only, redis, small_disk, taken, tls_server

BIN = pathlib.Path(sys.prefix) / "bin"
MISSING, INVALID, ABSENT, REFUSED = "missing-config", "invalid-config", "module-not-found", "dependency-unreachable"


def py(name, stack, cause, text, key=None, helps=None, file="main.py", files=None, command=None, **more):
    at = folder(f"py-{name}", {file: text, **(files or {})})
    command = command or ["python", file]
    case(f"run-py-{name}", stack, cause, [BIN / command[0] if (BIN / command[0]).exists() else command[0], *command[1:]], key, helps, cwd=at, **more)


def asgi():
    def uvicorn(name, cause, text, key=None, helps=None, target="main:app", arguments=(), **more):
        py(f"uvicorn-{name}", "python/fastapi", cause, text, key, helps, command=["uvicorn", target, "--host", "127.0.0.1", "--port", str(free_port()), *arguments], **more)

    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    lifespan = "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n{}\n@asynccontextmanager\nasync def lifespan(app):\n    {}\n    yield\n\napp = FastAPI(lifespan=lifespan)\n"
    uvicorn("module", ABSENT, app, "app.main", "yes", target="app.main:app")
    uvicorn("factory", "code-error", "from fastapi import FastAPI\ndef create_app(settings):\n    return FastAPI()\n", None, "yes", target="main:create_app", arguments=["--factory"])
    uvicorn("multipart", ABSENT, app + "from fastapi import File, UploadFile\n@app.post('/upload')\nasync def upload(file: UploadFile = File(...)):\n    return 1\n", "python-multipart", "yes")
    uvicorn("email", ABSENT, app + "from pydantic import BaseModel, EmailStr\nclass Customer(BaseModel):\n    email: EmailStr\n", "email-validator", "yes")
    uvicorn("response-field", "code-error", app + "class Session: pass\n@app.get('/s')\ndef s() -> Session:\n    return 1\n", None, "yes")
    uvicorn("redis", REFUSED, lifespan.format("import redis.asyncio as redis", f"await redis.from_url('redis://{NOBODY}:6379/0').ping()"), f"{NOBODY}:6379", "no")
    uvicorn("kafka", REFUSED, lifespan.format("from aiokafka import AIOKafkaProducer", f"await AIOKafkaProducer(bootstrap_servers='{NOBODY}:9092').start()"), f"{NOBODY}:9092", "no")
    uvicorn("rabbit", REFUSED, lifespan.format("import aio_pika", f"await aio_pika.connect('amqp://guest:guest@{NOBODY}/')"), None, "no")
    uvicorn("mongo", "database-unreachable", lifespan.format("from pymongo import AsyncMongoClient", f"await AsyncMongoClient('mongodb://{NOBODY}:27017', serverSelectionTimeoutMS=1500).admin.command('ping')"), f"{NOBODY}:27017", "no")
    uvicorn("setting", MISSING, lifespan.format("import os", "os.environ['STRIPE_API_KEY']"), "STRIPE_API_KEY", "yes")
    uvicorn("schema", "schema-missing", lifespan.format("import sqlite3", "sqlite3.connect('shop.db').execute('select count(*) from tenants')"), "tenants")
    uvicorn("tls", "tls-certificate-error", app, None, None, arguments=["--ssl-keyfile", "tls.key", "--ssl-certfile", "tls.crt"], files={"tls.key": "", "tls.crt": ""})
    uvicorn("log-config", MISSING, app, "logging.yaml", "yes", arguments=["--log-config", "logging.yaml"])
    uvicorn("port", "port-conflict", app, str(other := taken(host="127.0.0.1")), "yes", arguments=["--port", str(other)])
    uvicorn("option", INVALID, app, "--worker", "yes", arguments=["--worker", "4"])
    uvicorn("workers", INVALID, app, "auto", "yes", env={"WEB_CONCURRENCY": "auto"})
    py("daphne", "python/daphne", ABSENT, "", "shop", "yes", command=["daphne", "shop.asgi:application"])
    py("sanic", "python/sanic", "code-error", "from sanic import Sanic\nfrom sanic.response import text\napp = Sanic('shop')\n@app.get('/a')\nasync def a(r): return text('a')\n@app.get('/a')\nasync def b(r): return text('b')\nif __name__ == '__main__':\n    app.run(port=18302, single_process=True)\n", None, "yes")
    py("aiohttp", "python/aiohttp", REFUSED, f"import aiohttp\nfrom aiohttp import web\nasync def flags(app):\n    async with aiohttp.ClientSession() as s:\n        async with s.get('http://{NOBODY}:8080/flags') as r:\n            app['flags'] = await r.json()\napp = web.Application()\napp.on_startup.append(flags)\nweb.run_app(app, port=18303)\n", f"{NOBODY}:8080", "no")
    py("aiohttp-name", "python/aiohttp", "dns-resolution-failed", "import aiohttp\nfrom aiohttp import web\nasync def flags(app):\n    async with aiohttp.ClientSession() as s:\n        async with s.get('http://flags.orders.invalid/v1') as r:\n            app['flags'] = await r.json()\napp = web.Application()\napp.on_startup.append(flags)\nweb.run_app(app, port=18303)\n", "flags.orders.invalid")


def wsgi():
    def gunicorn(name, cause, text, key=None, helps="yes", target="wsgi:app", arguments=(), **more):
        py(f"gunicorn-{name}", "python/gunicorn", cause, text, key, helps, file="wsgi.py", command=["gunicorn", target, "-b", f"127.0.0.1:{free_port()}", *arguments], **more)

    app = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'ok']\n"
    gunicorn("module", ABSENT, "import sentry_sdk\n" + app, "sentry_sdk")
    gunicorn("syntax", "code-error", app + "def broken(:\n", None)
    gunicorn("setting", MISSING, "import os\nTOKEN = os.environ['PAYMENT_TOKEN']\n" + app, "PAYMENT_TOKEN")
    gunicorn("number", INVALID, "import os\nPOOL = int(os.getenv('POOL_SIZE', '5'))\n" + app, "ten", env={"POOL_SIZE": "ten"})
    gunicorn("worker-class", ABSENT, app, "gevent", arguments=["-k", "gevent"])
    gunicorn("option", INVALID, app, "--thread-count", arguments=["--thread-count", "4"])
    gunicorn("value", INVALID, app, None, arguments=["--workers", "auto"])
    gunicorn("config", MISSING, app, "gunicorn.conf.prod.py", arguments=["-c", "gunicorn.conf.prod.py"])
    gunicorn("config-broken", INVALID, app, None, arguments=["-c", "gunicorn.conf.py"], files={"gunicorn.conf.py": "workers = int('two')\n"})
    gunicorn("user", INVALID, app, "shop", arguments=["--user", "shop"])
    gunicorn("chdir", INVALID, app, "/srv/shop", arguments=["--chdir", "/srv/shop"])
    gunicorn("memory", "out-of-memory", "cache = [bytearray(1 << 20) for _ in range(4000)]\n" + app, None, None, limit=lambda: resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20)))

    def flask(name, cause, text, key=None, helps="yes", file="app.py", arguments=("run", "--port", "18310"), **more):
        py(f"flask-{name}", "python/flask", cause, text, key, helps, file=file, command=["flask", *arguments], **more)

    flask("none", MISSING, "", "FLASK_APP", file="server.py")
    flask("import", ABSENT, "from flask import Flask\nfrom flask_limiter import Limiter\napp = Flask(__name__)\n", "flask_limiter")
    flask("database-uri", MISSING, "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\nSQLAlchemy(app)\n", "SQLALCHEMY_DATABASE_URI")
    flask("blueprint", "code-error", "from flask import Flask, Blueprint\napp = Flask(__name__)\nb = Blueprint('orders', __name__)\napp.register_blueprint(b)\napp.register_blueprint(b)\n", "orders")
    flask("endpoint", "code-error", "from flask import Flask\napp = Flask(__name__)\n@app.route('/a')\ndef index(): return 'a'\n@app.route('/b')\ndef index(): return 'b'\n", "index")
    flask("port", "port-conflict", "from flask import Flask\napp = Flask(__name__)\n", str(other := taken(host="127.0.0.1")), arguments=("run", "--port", str(other)))
    flask("config-file", MISSING, "from flask import Flask\napp = Flask(__name__)\napp.config.from_pyfile('settings/production.cfg')\n", "settings/production.cfg")
    flask("config-variable", MISSING, "from flask import Flask\napp = Flask(__name__)\napp.config.from_envvar('SHOP_SETTINGS')\n", "SHOP_SETTINGS")


def django():
    settings = "import os\nSECRET_KEY = 'x'\nDEBUG = False\nALLOWED_HOSTS = ['*']\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n"
    manage = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"

    def run(name, cause, more_settings="", key=None, helps="yes", arguments=("check",), files=None, **more):
        py(f"django-{name}", "python/django", cause, manage, key, helps, file="manage.py", command=["python", "manage.py", *arguments],
           files={"shop/__init__.py": "", "shop/settings.py": settings + more_settings, "shop/urls.py": "urlpatterns = []\n", **(files or {})}, **more)

    run("secret", MISSING, "SECRET_KEY = os.environ.get('SECRET_KEY', '')\n", "SECRET_KEY", arguments=("migrate",))
    run("settings-module", ABSENT, key="shop.settings.production", env={"DJANGO_SETTINGS_MODULE": "shop.settings.production"})
    run("app", ABSENT, "INSTALLED_APPS += ['storages']\n", "storages")
    run("middleware", ABSENT, "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n", "whitenoise", arguments=("runserver", "--noreload", "127.0.0.1:18320"))
    run("hosts", MISSING, "ALLOWED_HOSTS = []\n", "ALLOWED_HOSTS", arguments=("runserver", "--noreload", "127.0.0.1:18320"))
    run("static", MISSING, "INSTALLED_APPS += ['django.contrib.staticfiles']\nSTATIC_URL = 'static/'\nSTATICFILES_DIRS = ['shop']\n", "STATIC_ROOT", arguments=("collectstatic", "--noinput"))
    run("driver", ABSENT, "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'NAME': 'shop'}}\n", "MySQLdb")
    run("engine", INVALID, "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgres', 'NAME': 'shop'}}\n", "django.db.backends.postgres")
    run("database-unset", MISSING, "DATABASES = {'default': {}}\n", None, arguments=("migrate",))
    run("environ", MISSING, "import environ\nDATABASES = {'default': environ.Env().db('DATABASE_URL')}\n", "DATABASE_URL")
    run("environ-value", INVALID, "import environ\nPORT = environ.Env().int('SMTP_PORT')\n", "smtp", env={"SMTP_PORT": "smtp"})
    run("urls", ABSENT, files={"shop/urls.py": "from django.urls import path, include\nurlpatterns = [path('', include('orders.urls'))]\n"}, key="orders")
    run("view", "code-error", files={"shop/urls.py": "from django.urls import path\nfrom shop import views\nurlpatterns = [path('', views.index)]\n", "shop/views.py": "def home(request): pass\n"}, key="index")
    run("circular", "code-error", "INSTALLED_APPS += ['orders', 'stock']\n", "Order", files={"orders/__init__.py": "", "orders/models.py": "from stock.models import Item\nclass Order: pass\n", "stock/__init__.py": "", "stock/models.py": "from orders.models import Order\nclass Item: pass\n"})
    run("label", "code-error", "INSTALLED_APPS += ['a.orders', 'b.orders']\n", "orders", files={"a/__init__.py": "", "a/orders/__init__.py": "", "b/__init__.py": "", "b/orders/__init__.py": ""})
    run("check", "code-error", "INSTALLED_APPS += ['orders']\n", None, files={"orders/__init__.py": "", "orders/models.py": "from django.db import models\nfrom django.contrib.auth.models import User\nclass Order(models.Model):\n    a = models.ForeignKey(User, models.CASCADE)\n    b = models.CharField()\n    c = models.ForeignKey(User, models.CASCADE)\n"})
    migrations = {"orders/__init__.py": "", "orders/models.py": "", "orders/migrations/__init__.py": ""}
    step = "from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies = [{}]\n    operations = [{}]\n"
    run("leaves", "migration-history-mismatch", "INSTALLED_APPS += ['orders']\n", "0002_email", arguments=("migrate",), files={**migrations, "orders/migrations/0001_initial.py": step.format("", ""), "orders/migrations/0002_email.py": step.format("('orders', '0001_initial')", ""), "orders/migrations/0002_phone.py": step.format("('orders', '0001_initial')", "")})
    run("parent", "migration-history-mismatch", "INSTALLED_APPS += ['orders']\n", "0001_first", arguments=("migrate",), files={**migrations, "orders/migrations/0002_email.py": step.format("('orders', '0001_first')", "")})
    run("sql", "migration-failed", "INSTALLED_APPS += ['orders']\n", "vendors", None, arguments=("migrate",), files={**migrations, "orders/migrations/0001_initial.py": step.format("", "migrations.RunSQL('alter table vendors add tax text')")})
    run("not-migrated", "schema-missing", "", "auth_user", None, arguments=("createsuperuser", "--noinput", "--username", "root", "--email", "a@example.com"))
    run("logging", INVALID, "LOGGING = {'version': 1, 'handlers': {'f': {'class': 'logging.FileHandlr'}}, 'root': {'handlers': ['f']}}\n", "f")


def workers():
    tasks = "from celery import Celery\napp = Celery('tasks', broker='{}')\n@app.task\ndef mail(): pass\n"

    def celery(name, cause, text, key=None, helps=None, target="tasks", arguments=("worker",), **more):
        py(f"celery-{name}", "python/celery", cause, text, key, helps, file="tasks.py", command=["celery", "-A", target, *arguments], **more)

    celery("redis", REFUSED, tasks.format(f"redis://{NOBODY}:6379/0"), f"{NOBODY}:6379", "no", seconds=14, ends=False)
    celery("amqp", REFUSED, tasks.format(f"amqp://guest:guest@{NOBODY}:5672//"), f"{NOBODY}:5672", "no", seconds=14, ends=False)
    celery("module", ABSENT, "", "shop.worker", "yes", target="shop.worker")
    celery("transport", INVALID, tasks.format("kafkaa://mq.internal:9092"), "kafkaa", "yes")
    celery("option", INVALID, tasks.format("memory://"), "--concurency", "yes", arguments=("worker", "--concurency", "4"))
    celery("import", ABSENT, "import stripe\n" + tasks.format("memory://"), "stripe", "yes")
    guarded = redis("--requirepass", "c0rrect")
    celery("password", REFUSED, tasks.format(f"redis://:wrong@127.0.0.1:{guarded}/0"), None, None, seconds=14, ends=False)
    py("dramatiq", "python/dramatiq", ABSENT, "", "tasks", "yes", command=["dramatiq", "tasks"])
    py("rq", "python/rq", REFUSED, "", f"{NOBODY}:6379", "no", command=["rq", "worker", "--url", f"redis://{NOBODY}:6379"])


def settings():
    head = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    port: int = 8080\n    database_url: str\n    hosts: list[str] = []\nsettings = Settings()\n"
    url = {"DATABASE_URL": "postgresql://db/shop"}
    py("pydantic-missing", "python/pydantic", MISSING, head, "database_url", "yes")
    py("pydantic-type", "python/pydantic", INVALID, head, "port", "yes", env={**url, "PORT": "tcp://172.20.3.9:80"})
    py("pydantic-list", "python/pydantic", INVALID, head, "hosts", "yes", env={**url, "HOSTS": "a.example.com,b.example.com"})
    py("pydantic-old", "python/pydantic", "dependency-version-conflict", "from pydantic import BaseSettings\nclass Settings(BaseSettings):\n    a: int = 1\n", "pydantic-settings", "yes")
    py("decouple", "python/decouple", MISSING, "from decouple import config\nHOST = config('SMTP_HOST')\n", "SMTP_HOST", "yes")
    py("decouple-cast", "python/decouple", INVALID, "from decouple import config\nDEBUG = config('DEBUG', cast=bool)\n", "perhaps", "yes", env={"DEBUG": "perhaps"})
    py("dynaconf", "python/dynaconf", MISSING, "from dynaconf import Dynaconf, Validator\ns = Dynaconf(environments=True, validators=[Validator('DB_HOST', must_exist=True)])\ns.validators.validate()\n", "DB_HOST", "yes")
    py("toml", "python", INVALID, "import tomllib\nwith open('settings.toml', 'rb') as f:\n    s = tomllib.load(f)\n", None, "yes", files={"settings.toml": "[db\nhost = 'a'\n"})
    py("yaml", "python", INVALID, "import yaml\ns = yaml.safe_load(open('settings.yaml'))\n", "settings.yaml", "yes", files={"settings.yaml": "db:\n  host: a\n port: 5432\n"})
    py("json", "python", INVALID, "import json\ns = json.load(open('settings.json'))\n", None, "yes", files={"settings.json": "{'db': 'a'}"})
    py("alembic-none", "python/alembic", MISSING, "", "script_location", "yes", command=["alembic", "upgrade", "head"])
    ini = "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///shop.db\n"
    environment = "from alembic import context\nfrom sqlalchemy import create_engine\nwith create_engine(context.config.get_main_option('sqlalchemy.url')).connect() as c:\n    context.configure(connection=c)\n    with context.begin_transaction():\n        context.run_migrations()\n"
    step = "from alembic import op\nimport sqlalchemy as sa\nrevision = '{}'\ndown_revision = {}\ndef upgrade():\n    {}\n"

    def alembic(name, cause, steps, key=None, helps=None, ini=ini):
        py(f"alembic-{name}", "python/alembic", cause, "", key, helps, command=["alembic", "upgrade", "head"], files={"alembic.ini": ini, "migrations/env.py": environment, **{f"migrations/versions/{n}_step.py": s for n, s in steps.items()}})

    alembic("heads", "migration-history-mismatch", {"a1": step.format("a1", None, "pass"), "b2": step.format("b2", "'a1'", "pass"), "c3": step.format("c3", "'a1'", "pass")}, None, "yes")
    alembic("parent", "migration-history-mismatch", {"b2": step.format("b2", "'a1'", "pass")}, "a1", "yes")
    alembic("column", "migration-conflict", {"a1": step.format("a1", None, "op.create_table('vendors', sa.Column('tax', sa.Text)); op.add_column('vendors', sa.Column('tax', sa.Text))")}, "tax", "yes")
    alembic("url", INVALID, {"a1": step.format("a1", None, "pass")}, None, "yes", ini.replace("sqlite:///shop.db", "postgres://app@db/shop"))
    alembic("interpolation", INVALID, {"a1": step.format("a1", None, "pass")}, None, "yes", ini.replace("sqlite:///shop.db", "postgresql://app:p%40ss@db/shop"))


def clients():
    py("kafka", "python/kafka", REFUSED, f"import logging\nlogging.basicConfig(level='INFO')\nfrom kafka import KafkaProducer\nKafkaProducer(bootstrap_servers='{NOBODY}:9092')\n", f"{NOBODY}:9092", "no", seconds=90)
    py("confluent", "python/confluent-kafka", REFUSED, f"from confluent_kafka.admin import AdminClient\nprint('starting consumer')\nAdminClient({{'bootstrap.servers': '{NOBODY}:9092'}}).list_topics(timeout=3)\n", f"{NOBODY}:9092", "no")
    py("confluent-name", "python/confluent-kafka", "dns-resolution-failed", "from confluent_kafka.admin import AdminClient\nAdminClient({'bootstrap.servers': 'kafka-1.orders.invalid:9092'}).list_topics(timeout=3)\n", "kafka-1.orders.invalid")
    py("confluent-option", "python/confluent-kafka", INVALID, "from confluent_kafka import Consumer\nConsumer({'bootstrap.servers': 'k:9092', 'group.id': 'a', 'auto.offset.rest': 'earliest'})\n", "auto.offset.rest", "yes")
    py("pika", "python/pika", REFUSED, f"import pika\npika.BlockingConnection(pika.ConnectionParameters('{NOBODY}'))\n", f"{NOBODY}:5672", "no")
    py("pika-name", "python/pika", "dns-resolution-failed", "import pika\npika.BlockingConnection(pika.URLParameters('amqp://app:pw@mq.orders.invalid:5672/%2f'))\n", "mq.orders.invalid")
    py("redis-tls", "python/redis", "tls-certificate-error", f"import redis\nredis.from_url('rediss://localhost:{tls_server()}').ping()\n", None, None)
    py("requests-tls", "python/requests", "tls-certificate-error", f"import requests\nr = requests.get('https://localhost:{tls_server('localhost', 28)}/.well-known/jwks.json')\n", None, "no")
    py("requests-refused", "python/requests", REFUSED, f"import requests\nrequests.get('http://{NOBODY}:8500/v1/kv/shop', timeout=3).json()\n", None, "no")
    py("requests-503", "python/requests", REFUSED, f"import requests\nr = requests.get('http://127.0.0.1:{http_answer(503, b'no healthy upstream')}/v1/rates')\nr.raise_for_status()\n", None, "no")
    py("vault", "python/hvac", REFUSED, f"import hvac\nhvac.Client(url='http://{NOBODY}:8200', token='t').secrets.kv.read_secret_version(path='shop')\n", None, "no")
    py("elasticsearch", "python/elasticsearch", REFUSED, f"from elasticsearch import Elasticsearch\nElasticsearch('http://{NOBODY}:9200').indices.create(index='orders')\n", None, "no")
    py("nats", "python/nats", REFUSED, f"import asyncio, nats\nasyncio.run(nats.connect('nats://{NOBODY}:4222', max_reconnect_attempts=1, reconnect_time_wait=0.2))\n", None, "no")
    py("grpc", "python/grpc", REFUSED, f"import grpc\nchannel = grpc.insecure_channel('{NOBODY}:50051')\nchannel.unary_unary('/rates.Rates/Get')(b'', timeout=4)\n", f"{NOBODY}:50051", "no")
    aws = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}
    port = free_port()
    background([BIN / "moto_server", "-H", "127.0.0.1", "-p", port], port)
    local = {**aws, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    py("aws-secret", "python/boto3", "secret-unavailable", "import boto3\nboto3.client('secretsmanager').get_secret_value(SecretId='prod/shop/db')\n", None, None, env=local)
    py("aws-parameter", "python/boto3", "secret-unavailable", "import boto3\nboto3.client('ssm').get_parameter(Name='/shop/prod/token', WithDecryption=True)\n", None, None, env=local)
    denied = http_answer(400, b'{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::111122223333:assumed-role/shop-task/0f is not authorized to perform: dynamodb:DescribeTable on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}', "application/x-amz-json-1.0")
    py("aws-denied", "python/boto3", "aws-permission-denied", "import boto3\nboto3.client('dynamodb').describe_table(TableName='orders')\n", "dynamodb:DescribeTable", None, env={**aws, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{denied}"})
    py("aws-region", "python/boto3", MISSING, "import boto3\nboto3.client('sqs').list_queues()\n", None, "yes", env={"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"})


def process():
    py("disk-full", "python", "disk-full", "import logging\nlogging.basicConfig(filename='data/app.log', level='INFO')\nprint('importing')\nfor i in range(200):\n    open(f'data/part-{i}', 'w').write('x' * 20000)\n", None, None, files={"data/.keep": ""}, command=small_disk([str(BIN / "python"), "main.py"]))
    py("read-only", "python", "file-permission-denied", "import pathlib\npathlib.Path('data/cache').mkdir()\n", "data/cache", "yes", files={"data/.keep": ""}, command=read_only([str(BIN / "python"), "main.py"]))
    py("numpy-library", "python", "shared-library-missing", "import ctypes\nctypes.CDLL('libgdal.so.32')\n", "libgdal.so.32", "yes")
    py("memory", "python", "out-of-memory", "print('loading model')\nweights = bytearray(2 << 30)\n", None, None, limit=lambda: resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20)))
    py("threads", "python", "out-of-memory", "import threading, time\nfor _ in range(500):\n    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()\n", None, None, limit=lambda: resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)))
    py("recursion", "python", "code-error", "def price(order):\n    return price(order)\nprice({})\n", None, "yes")
    py("files", "python", "file-descriptors-exhausted", "import socket\nheld = []\nwhile True:\n    held.append(socket.socket())\n", None, None, limit=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    py("indent", "python", "code-error", "def total(items):\n    s = 0\n     return s\n", None, "yes")


PARTS = (asgi, wsgi, django, workers, settings, clients, process)
