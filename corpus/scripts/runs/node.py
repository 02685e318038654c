"""Node.js: frameworks, settings, clients, TypeScript, Next.js, native modules."""
import os
import resource
import shutil
import subprocess

from harness import HERE, NOBODY, WORK, case, certificate, folder, free_port, program, read_only, redis, small_disk, taken, tls_server

MODULES = HERE / "node_modules"
TYPED = ["-r", "ts-node/register/transpile-only"]
MISSING = "missing-config"


def js(name, stack, cause, text, key=None, helps=None, file="server.js", files=None, flags=(), arguments=(), command=None, **more):
    at = folder(f"node-{name}", {file: text.replace(";", ";\n"), **(files or {})})
    if not (at / "node_modules").exists():
        (at / "node_modules").symlink_to(MODULES)
    command = command or ["node", *flags, file, *arguments]
    case(f"run-node-{name}", stack, cause, command, key, helps, cwd=at, **more)


def settings():
    js("envalid", "node/envalid", MISSING, "const{cleanEnv,str,port}=require('envalid');const env=cleanEnv(process.env,{PORT:port({default:3000}),DATABASE_URL:str(),SESSION_SECRET:str()});console.log('up')", "DATABASE_URL", "yes", env={"SESSION_SECRET": "x"})
    js("envalid-invalid", "node/envalid", "invalid-config", "const{cleanEnv,str,port}=require('envalid');const env=cleanEnv(process.env,{PORT:port()});console.log('up')", "PORT", "yes", env={"PORT": "http"})
    js("zod-missing", "node/zod", MISSING, "const{z}=require('zod');const env=z.object({NODE_ENV:z.string().default('production'),STRIPE_KEY:z.string()}).parse(process.env);console.log(env)", "STRIPE_KEY", "yes")
    js("zod-invalid", "node/zod", "invalid-config", "const{z}=require('zod');const env=z.object({PORT:z.coerce.number().int().positive(),LOG_LEVEL:z.enum(['debug','info','warn'])}).parse(process.env);console.log(env)", "LOG_LEVEL", "yes", env={"PORT": "8080", "LOG_LEVEL": "loud"})
    js("zod-pretty", "node/zod", MISSING, "const{z}=require('zod');const r=z.object({API_URL:z.url(),JWT_SECRET:z.string().min(32)}).safeParse(process.env);if(!r.success){console.error('❌ Invalid environment variables:',z.treeifyError?z.flattenError(r.error).fieldErrors:r.error.format());process.exit(1)}", "JWT_SECRET", "yes", env={"API_URL": "https://api.example.com"})
    js("convict", "node/convict", "invalid-config", "const convict=require('convict');const c=convict({db:{port:{format:'port',default:5432,env:'DB_PORT'}}});c.validate({allowed:'strict'});console.log('up')", "db.port", "yes", env={"DB_PORT": "fivefour"})
    js("config", "node/config", MISSING, "const config=require('config');console.log('connecting to',config.get('db.host'))", "db.host", "yes", files={"config/default.json": '{"db":{"port":5432}}'})
    js("config-json", "node/config", "invalid-config", "const config=require('config');console.log(config.get('db.port'))", None, "yes", files={"config/default.json": '{"db":{"port":5432'})
    js("dotenv-safe", "node/dotenv", MISSING, "require('dotenv-safe').config();console.log('up')", "API_TOKEN", "yes", files={".env.example": "API_TOKEN=\nPORT=\n", ".env": "PORT=3000\n"})
    js("joi", "node/joi", "invalid-config", "const Joi=require('joi');const{error,value}=Joi.object({REDIS_URL:Joi.string().uri({scheme:['redis','rediss']}).required()}).unknown().validate(process.env);if(error)throw new Error(`Config validation error: ${error.message}`);", "REDIS_URL", "yes", env={"REDIS_URL": "cache:6379"})


def nest():
    head = "import 'reflect-metadata';import{NestFactory}from'@nestjs/core';import{Module,Injectable,Controller,Get}from'@nestjs/common';"
    start = "async function bootstrap(){const app=await NestFactory.create(AppModule);await app.listen(process.env.PORT??3000);}bootstrap();"
    compiler = {"tsconfig.json": '{"compilerOptions":{"module":"commonjs","target":"es2022","experimentalDecorators":true,"emitDecoratorMetadata":true,"esModuleInterop":true}}'}

    def app(name, cause, text, key=None, helps=None, **more):
        js(f"nest-{name}", "node/nestjs", cause, head + text + start, key, helps, file="main.ts", files=compiler, flags=TYPED, **more)

    app("config", MISSING, "import{ConfigModule}from'@nestjs/config';import * as Joi from'joi';@Module({imports:[ConfigModule.forRoot({validationSchema:Joi.object({DATABASE_URL:Joi.string().required(),PORT:Joi.number().default(3000)})})]})class AppModule{}", "DATABASE_URL", "yes")
    app("get-or-throw", MISSING, "import{ConfigModule,ConfigService}from'@nestjs/config';@Injectable()class Mailer{constructor(c:ConfigService){c.getOrThrow('SMTP_HOST')}}@Module({imports:[ConfigModule.forRoot()],providers:[Mailer]})class AppModule{}", "SMTP_HOST", "yes")
    app("provider", "code-error", "@Injectable()class Rates{}@Injectable()class OrdersService{constructor(private rates:Rates){}}@Module({providers:[OrdersService]})class AppModule{}", "OrdersService", "yes")
    app("undefined-import", "code-error", "@Module({imports:[undefined as any]})class AppModule{}", "AppModule", "yes")
    app("port", "port-conflict", "@Module({})class AppModule{}", "3000", "yes", env={"PORT": str(taken(3000))})
    app("mongoose", "database-unreachable", f"import{{MongooseModule}}from'@nestjs/mongoose';@Module({{imports:[MongooseModule.forRoot('mongodb://{NOBODY}:27017/shop',{{serverSelectionTimeoutMS:1500,retryAttempts:2,retryDelay:300}})]}})class AppModule{{}}", f"{NOBODY}:27017", "no")
    app("typeorm-driver", "module-not-found", "import{TypeOrmModule}from'@nestjs/typeorm';@Module({imports:[TypeOrmModule.forRoot({type:'oracle',host:'db.internal',retryAttempts:1,retryDelay:200})]})class AppModule{}", "oracledb", "yes")
    app("typeorm-refused", "database-unreachable", f"import{{TypeOrmModule}}from'@nestjs/typeorm';@Module({{imports:[TypeOrmModule.forRoot({{type:'postgres',host:'{NOBODY}',port:5432,username:'app',retryAttempts:3,retryDelay:300}})]}})class AppModule{{}}", f"{NOBODY}:5432", "no")
    micro = "import{Transport}from'@nestjs/microservices';@Module({})class AppModule{}async function go(o:any){const m=await NestFactory.createMicroservice(AppModule,o);await m.listen();}"
    js("nest-kafka", "node/nestjs", "dependency-unreachable", head + micro + f"go({{transport:Transport.KAFKA,options:{{client:{{brokers:['{NOBODY}:9092'],retry:{{retries:2,initialRetryTime:200}}}}}}}});", f"{NOBODY}:9092", "no", file="main.ts", files=compiler, flags=TYPED)
    js("nest-driver", "node/nestjs", "module-not-found", head + micro + "go({transport:Transport.MQTT,options:{url:'mqtt://mq.internal:1883'}});", "mqtt", "yes", file="main.ts", files=compiler, flags=TYPED)
    js("nest-rmq", "node/nestjs", "module-not-found", head + micro + f"go({{transport:Transport.RMQ,options:{{urls:['amqp://{NOBODY}:5672'],queue:'orders'}}}});", "amqp-connection-manager", "yes", file="main.ts", files=compiler, flags=TYPED)


def frameworks():
    js("fastify-env", "node/fastify", MISSING, "const f=require('fastify')({logger:true});f.register(require('@fastify/env'),{schema:{type:'object',required:['DATABASE_URL'],properties:{DATABASE_URL:{type:'string'}}}});f.listen({port:0}).catch(e=>{f.log.error(e);process.exit(1)})", "DATABASE_URL", "yes")
    js("fastify-timeout", "node/fastify", "code-error", "const f=require('fastify')({logger:true,pluginTimeout:1500});f.register(function database(i,o,done){});f.listen({port:0}).catch(e=>{f.log.error(e);process.exit(1)})", "database", "yes")
    js("fastify-version", "node/fastify", "dependency-version-conflict", "const fp=Symbol.for('plugin-meta');const p=async()=>{};p[fp]={name:'orders-auth',fastify:'3.x'};p[Symbol.for('skip-override')]=true;const f=require('fastify')({logger:true});f.register(p);f.listen({port:0}).catch(e=>{f.log.error(e);process.exit(1)})", "orders-auth", "yes")
    js("fastify-route", "node/fastify", "code-error", "const f=require('fastify')();f.get('/orders',async()=>1);f.get('/orders',async()=>2);f.listen({port:0})", "/orders", "yes")
    js("fastify-schema", "node/fastify", "code-error", "const f=require('fastify')({logger:true});f.get('/orders',{schema:{response:{200:{type:'objekt'}}}},async()=>1);f.listen({port:0}).catch(e=>{f.log.error(e);process.exit(1)})", None, "yes")
    js("express-handler", "node/express", "code-error", "const e=require('express');const a=e();const c={};a.get('/orders',c.list);a.listen(0)", None, "yes")
    js("express-route", "node/express", "code-error", "const e=require('express');const a=e();a.get('*',(q,r)=>r.end());a.listen(0)", None, "yes")
    js("express-port-80", "node/express", "file-permission-denied", "const a=require('express')();a.listen(80,'0.0.0.0',e=>{if(e)throw e})", "80", "yes", command=[program("node"), "server.js"], user=65534)
    js("pino-transport", "node/pino", "module-not-found", "const l=require('pino')({transport:{target:'pino-pretty'}});l.info('up');", "pino-pretty", "yes")
    js("esm-export", "node", "code-error", "import{convert}from'./rates.mjs';convert(1)", "convert", "yes", file="server.mjs", files={"rates.mjs": "export const rate=1"})
    js("esm-missing", "node", "module-not-found", "import{router}from'./routes/orders';router()", "/app/routes/orders", "yes", file="server.mjs")
    js("cjs-import", "node", "code-error", "import express from'express';express()", None, "yes", files={"package.json": '{"type":"commonjs"}'})
    js("require-esm", "node", "code-error", "const{a}=require('./lib/a.mjs');a()", "/app/lib/a.mjs", "yes", files={"lib/a.mjs": "await 1;export const a=()=>1"})
    js("exports-path", "node", "dependency-version-conflict", "require('rate-lib/lib/core')", "./lib/core", "yes", files={"own/x": ""}, command=["sh", "-c", "rm node_modules && mkdir -p node_modules/rate-lib/lib && echo '{\"name\":\"rate-lib\",\"exports\":{\".\":\"./index.js\"}}' > node_modules/rate-lib/package.json && touch node_modules/rate-lib/lib/core.js && exec node server.js"])
    js("ts-node", "node/typescript", "code-error", "const port:number='3000';console.log(port)", None, "yes", file="main.ts", command=["node", "-r", "ts-node/register", "main.ts"])
    js("npm-script", "node/npm", "entrypoint-not-found", "", "start:prod", "yes", files={"package.json": '{"name":"orders","version":"1.4.0","scripts":{"start":"node server.js"}}'}, command=["npm", "run", "start:prod"])
    js("npm-no-package", "node/npm", "module-not-found", "", "/app/package.json", "yes", command=["npm", "start"])
    js("npm-bin", "node/npm", "module-not-found", "", "nodemon", "yes", files={"package.json": '{"name":"orders","version":"1.4.0","scripts":{"start":"nodemon server.js"}}'}, command=["sh", "-c", "rm node_modules; exec npm start"])
    js("dist-missing", "node", "module-not-found", "", "/app/dist/main.js", "yes", command=["node", "dist/main.js"])


def clients():
    js("kafkajs", "node/kafkajs", "dependency-unreachable", f"const{{Kafka}}=require('kafkajs');const k=new Kafka({{clientId:'orders',brokers:['{NOBODY}:9092'],retry:{{retries:3,initialRetryTime:100}}}});const p=k.producer();p.connect().then(()=>console.log('up'))", f"{NOBODY}:9092", "no")
    js("kafkajs-name", "node/kafkajs", "dns-resolution-failed", "const{Kafka}=require('kafkajs');const k=new Kafka({clientId:'orders',brokers:['kafka-0.kafka.invalid:9092'],retry:{retries:2,initialRetryTime:100}});k.admin().connect()", "kafka-0.kafka.invalid")
    js("kafkajs-undefined", "node/kafkajs", MISSING, "const{Kafka}=require('kafkajs');const k=new Kafka({clientId:'orders',brokers:[process.env.KAFKA_BROKERS]});k.producer().connect()", None, "yes")
    js("amqplib", "node/amqplib", "dependency-unreachable", f"const amqp=require('amqplib');(async()=>{{const c=await amqp.connect('amqp://guest:guest@{NOBODY}:5672')}})()", f"{NOBODY}:5672", "no")
    js("amqplib-name", "node/amqplib", "dns-resolution-failed", "const amqp=require('amqplib');amqp.connect('amqp://guest:guest@rabbit.orders.invalid:5672').catch(e=>{console.error('Failed to connect to RabbitMQ',e);process.exit(1)})", "rabbit.orders.invalid")
    js("ioredis", "node/ioredis", "dependency-unreachable", f"const Redis=require('ioredis');const r=new Redis({{host:'{NOBODY}',maxRetriesPerRequest:2}});r.get('a').then(console.log)", f"{NOBODY}:6379", "no")
    guarded = redis("--requirepass", "c0rrect")
    js("ioredis-password", "node/ioredis", "dependency-unreachable", f"const Redis=require('ioredis');const r=new Redis('redis://:wrong@127.0.0.1:{guarded}');r.get('a').then(console.log)", None)
    js("redis-noauth", "node/redis", "dependency-unreachable", f"const{{createClient}}=require('redis');(async()=>{{const c=createClient({{url:'redis://127.0.0.1:{guarded}'}});await c.connect();await c.get('session')}})()")
    js("redis-url", "node/redis", "invalid-config", "const{createClient}=require('redis');const c=createClient({url:process.env.REDIS_URL});c.connect()", None, "yes", env={"REDIS_URL": "cache.internal:6379"})
    js("bullmq", "node/bullmq", "dependency-unreachable", f"const{{Worker}}=require('bullmq');const w=new Worker('mails',async()=>1,{{connection:{{host:'{NOBODY}',port:6379}}}});w.on('error',e=>console.error('worker error',e.message,e.code));console.log('worker started')", f"{NOBODY}:6379", "no", seconds=15, ends=False)
    js("mongodb", "node/mongodb", "database-unreachable", f"const{{MongoClient}}=require('mongodb');(async()=>{{const c=new MongoClient('mongodb://{NOBODY}:27017',{{serverSelectionTimeoutMS:1500}});await c.connect()}})()", f"{NOBODY}:27017", "no")
    js("mongodb-scheme", "node/mongodb", "invalid-config", "const{MongoClient}=require('mongodb');new MongoClient(process.env.MONGO_URL).connect()", None, "yes", env={"MONGO_URL": "mongo.internal:27017/shop"})
    js("mongodb-srv", "node/mongodb", "dns-resolution-failed", "const{MongoClient}=require('mongodb');new MongoClient('mongodb+srv://app:pw@cluster0.x1y2z.invalid/shop').connect()", "_mongodb._tcp.cluster0.x1y2z.invalid")
    js("mongoose-undefined", "node/mongoose", MISSING, "require('mongoose').connect(process.env.MONGODB_URI).then(()=>console.log('MongoDB connected')).catch(e=>{console.error('MongoDB connection error:',e);process.exit(1)})", None, "yes")
    js("nats", "node/nats", "dependency-unreachable", f"const{{connect}}=require('nats');(async()=>{{await connect({{servers:'{NOBODY}:4222'}})}})()", None, "no")
    js("grpc", "node/grpc", "dependency-unreachable", f"const g=require('@grpc/grpc-js');const C=g.makeGenericClientConstructor({{get:{{path:'/rates.Rates/Get',requestStream:false,responseStream:false,requestSerialize:x=>Buffer.from(x),responseDeserialize:x=>x}}}},'Rates');new C('{NOBODY}:50051',g.credentials.createInsecure()).get('a',{{deadline:Date.now()+3000}},e=>{{if(e)throw e}})", f"{NOBODY}:50051", "no")
    js("fetch-refused", "node", "dependency-unreachable", f"(async()=>{{console.log('loading feature flags');const r=await fetch('http://{NOBODY}:8080/flags');console.log(await r.json())}})()", f"{NOBODY}:8080", "no")
    js("fetch-expired", "node", "tls-certificate-error", f"(async()=>{{await fetch('https://localhost:{tls_server(days=-3)}/flags')}})()", None, "no", env={"NODE_EXTRA_CA_CERTS": str(certificate(days=-3)[0])})
    js("fetch-other-name", "node", "tls-certificate-error", f"require('https').get('https://localhost:{(port := tls_server('payments.example.com'))}/',r=>r.pipe(process.stdout))", None, "no", env={"NODE_EXTRA_CA_CERTS": str(WORK / "tls-payments.example.com-30" / "tls.crt")})
    js("https-self-signed", "node", "tls-certificate-error", f"require('https').get('https://localhost:{tls_server('localhost', 29)}/jwks',r=>r.pipe(process.stdout))", None, "no")
    js("https-key", "node", "tls-certificate-error", "const fs=require('fs');require('https').createServer({cert:fs.readFileSync('tls.crt'),key:fs.readFileSync('tls.key')},()=>1).listen(0)", None, None, files={"tls.crt": certificate()[0].read_text(), "tls.key": certificate("other.example.com")[1].read_text()})
    js("https-pem", "node", "tls-certificate-error", "const fs=require('fs');require('https').createServer({cert:fs.readFileSync('tls.crt'),key:fs.readFileSync('tls.key')},()=>1).listen(0)", None, None, files={"tls.crt": "", "tls.key": certificate("other.example.com")[1].read_text()})


def resources():
    js("worker-memory", "node", "out-of-memory", "const{Worker}=require('worker_threads');new Worker(`const a=[];for(;;)a.push(new Array(1e5).fill(Math.random()))`,{eval:true,resourceLimits:{maxOldGenerationSizeMb:24}})")
    js("files", "node", "file-descriptors-exhausted", "const fs=require('fs');console.log('indexing');const open=[];for(let i=0;;i++)open.push(fs.openSync('server.js'))", limit=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    js("disk-full", "node", "disk-full", "const fs=require('fs');console.log('warming cache');for(let i=0;;i++)fs.writeFileSync('data/cache-'+i,'x'.repeat(20000))", None, None, files={"data/.keep": ""}, command=small_disk([program("node"), "server.js"]))
    js("read-only", "node", "file-permission-denied", "const fs=require('fs');fs.writeFileSync('data/state.json','{}')", "data/state.json", "yes", files={"data/.keep": ""}, command=read_only([program("node"), "server.js"]))
    js("log-file", "node/winston", "file-permission-denied", "const w=require('winston');const l=w.createLogger({transports:[new w.transports.Console(),new w.transports.File({filename:'logs/app.log'})]});l.info('up')", "logs", "yes", command=[program("node"), "server.js"], user=65534)
    source = "#include <stddef.h>\ntypedef struct{int v;unsigned f;const char*file;void*i;void*c;const char*name;void*p;void*l;}M;static void init(void*e){}\nstatic M m={%d,0,\"a.c\",init,NULL,\"rates\",NULL,NULL};\nextern void node_module_register(void*);__attribute__((constructor))static void r(void){node_module_register(&m);}\n%s"
    for name, version, more, flags, cause, key in (("abi", 93, "", [], "dependency-version-conflict", "rates.node"), ("library", 115, "extern int vips_init(void);int(*use)(void)=vips_init;", ["-L.", "-lvips"], "shared-library-missing", "libvips.so.42")):
        at = folder(f"node-native-{name}", {"a.c": source % (version, more), "v.c": "int vips_init(void){return 0;}"})
        subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,-soname,libvips.so.42", "-o", "libvips.so", "v.c"], cwd=at, check=True)
        subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", "rates.node", "a.c", *flags], cwd=at, check=True)
        js(f"native-{name}", "node", cause, "require('./rates.node')", key, "yes")
    js("rejection", "node", "code-error", "console.log('server listening on 3000');setTimeout(()=>Promise.reject({code:'E_RATE',detail:'no rate for EUR'}),50)", None, "yes")
    js("undefined", "node", "code-error", "const orders={};console.log('> orders@1.4.0 start');console.log(orders.items.length)", None, "yes")
    js("option", "node", "invalid-config", "console.log('up')", "--max-old-space=512", "yes", env={"NODE_OPTIONS": "--max-old-space=512"})


def next_js():
    at = HERE / "next-shop"  # Beside node_modules: its bundler does not follow a link out of the project.
    shutil.rmtree(at, ignore_errors=True)
    (at / "pages").mkdir(parents=True)
    (at / "package.json").write_text('{"name":"shop","private":true}')
    (at / "pages" / "index.js").write_text("export default function Home(){return <h1>shop</h1>}")
    start = ["node", MODULES / "next/dist/bin/next", "start"]
    quiet = {"NEXT_TELEMETRY_DISABLED": "1"}

    def run(name, cause, key=None, helps="yes", arguments=(), **more):
        case(f"run-next-{name}", "node/nextjs", cause, [*start, *arguments], key, helps, cwd=at, env={**quiet, **more.pop("env", {})}, **more)

    run("no-build", "module-not-found", ".next", arguments=["-p", str(free_port())])
    (at / "instrumentation.js").write_text("export function register(){if(!process.env.AUTH_SECRET)throw new Error('Missing required environment variable: AUTH_SECRET')}")
    subprocess.run(["node", MODULES / "next/dist/bin/next", "build", "--webpack"], cwd=at, env={**os.environ, **quiet, "AUTH_SECRET": "x"}, stdout=subprocess.DEVNULL, check=True)
    run("port", "port-conflict", "3001", arguments=["-p", str(taken(3001))])
    run("instrumentation", "missing-config", "AUTH_SECRET", arguments=["-p", str(free_port())], seconds=20, ends=False)
    run("option", "invalid-config", "--hots", arguments=["--hots", "0.0.0.0"])
    run("privileged", "file-permission-denied", "80", arguments=["-p", "80"], env={"AUTH_SECRET": "x"}, user=65534)
    (at / "next.config.js").write_text("module.exports = { output: 'standalone', env: { API: process.env.API_URL.trim() } }")
    run("config", "code-error", None, arguments=["-p", str(free_port())])
    (at / "next.config.js").unlink()
    shutil.rmtree(at / ".next" / "server")
    run("half-build", "module-not-found", None, arguments=["-p", str(free_port())], seconds=20)
    shutil.rmtree(at, ignore_errors=True)


PARTS = (settings, nest, frameworks, clients, resources, next_js)
