"""Java: Spring Boot, Micronaut, Kafka's broker, Keycloak, Tomcat, Artemis, WildFly, and java itself. Java 17 to 23 as `java`, and its `javac`.

From Maven Central, in folders of the working directory: ./spring/*.jar (the starters web, validation, security, oauth2-resource-server, data-jpa,
data-redis, data-mongodb, amqp, actuator of Spring Boot 3.3; spring-kafka, h2, spring-cloud-starter-config), ./micronaut/*.jar (micronaut-http-server-netty,
inject-java, jackson-databind, jdbc-hikari, redis-lettuce of 4.7; postgresql, snakeyaml, logback-classic), ./kafka/*.jar (kafka_2.13, slf4j-reload4j), and,
unpacked, ./keycloak (keycloak-quarkus-dist), ./tomcat, ./artemis (apache-artemis), ./wildfly (wildfly-dist).
"""
import os
import pathlib
import shutil
import subprocess

from harness import HERE, NOBODY, WORK, case, folder, free_port, program, taken

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
JAVA_HOME = pathlib.Path(program("javac")).resolve().parent.parent
MISSING, INVALID, REFUSED = "missing-config", "invalid-config", "dependency-unreachable"


def compiled(source, jars):
    """The class path of a program of ours and its libraries."""
    if not jars:
        raise FileNotFoundError(f"no jars for {source}")
    path = ":".join(map(str, jars))
    classes = folder(f"classes-{source}")
    subprocess.run(["javac", "-parameters", "--release", "17", "-cp", path, "-processorpath", path, "-d", classes, PROGRAMS / source], check=True, stderr=subprocess.DEVNULL)
    return f"{classes}:{path}"


def spring():
    path = compiled("Orders.java", sorted((HERE / "spring").glob("*.jar")))

    data = ["jdbc.DataSource", "orm.jpa.HibernateJpa"]
    data = "--spring.autoconfigure.exclude=" + ",".join(f"org.springframework.boot.autoconfigure.{each}AutoConfiguration" for each in data)

    def run(name, cause, arguments=(), key=None, helps=None, jvm=(), files=None, database=False, **more):
        at = folder(f"spring-{name}", files)
        arguments = arguments if database else [data, *arguments]
        given = {each.split("=")[0] for each in arguments}  # A property given twice would be a list.
        base = ["--spring.main.banner-mode=off", "--server.port=0", "--orders.region=eu", "--spring.jpa.open-in-view=false", "--spring.cloud.config.enabled=false"]
        case(f"run-spring-{name}", "java/spring-boot", cause, ["java", "-XX:TieredStopAtLevel=1", "-Xmx256m", *jvm, "-cp", path, "shop.Orders", *(each for each in base if each.split("=")[0] not in given), *arguments], key, helps, cwd=at, seconds=300, **more)

    run("placeholder", MISSING, ["--fault=placeholder"], "payment.api-key", "yes")
    run("blank", MISSING, ["--orders.region="], "orders.region", "yes")
    run("duration", INVALID, ["--orders.timeout=soon"], "orders.timeout", "yes")
    run("yaml", INVALID, key=None, helps="yes", files={"application.yaml": "orders:\n  region: eu\n timeout: 5s\n"})
    run("import", MISSING, ["--spring.config.import=file:/config/orders.yaml"], "/config/orders.yaml", "yes")
    run("config-server", REFUSED, ["--spring.cloud.config.enabled=true", f"--spring.config.import=configserver:http://{NOBODY}:8888", "--spring.cloud.config.fail-fast=true"], f"{NOBODY}:8888", "no")
    run("bean", "code-error", ["--fault=bean"], "shop.Orders$Rates", "yes")
    run("circle", "code-error", ["--fault=circle"], None, "yes")
    run("exception", "code-error", ["--fault=exception"], None, "yes")
    run("port", "port-conflict", [f"--server.port={(other := taken())}"], str(other), "yes")
    run("privileged", "file-permission-denied", ["--server.port=80"], "80", "yes", user=65534)
    run("key-store", "tls-certificate-error", ["--server.ssl.key-store=file:/tls/orders.p12", "--server.ssl.key-store-password=x"], "/tls/orders.p12", None)
    run("redis", REFUSED, ["--fault=redis", f"--spring.data.redis.host={NOBODY}"], f"{NOBODY}:6379", "no")
    run("redis-name", "dns-resolution-failed", ["--fault=redis", "--spring.data.redis.host=cache.orders.invalid"], "cache.orders.invalid")
    run("mongo", "database-unreachable", ["--fault=mongo", f"--spring.data.mongodb.uri=mongodb://{NOBODY}/shop?serverSelectionTimeoutMS=2000"], f"{NOBODY}:27017", "no")
    run("rabbit", REFUSED, ["--fault=rabbit", f"--spring.rabbitmq.host={NOBODY}"], f"{NOBODY}:5672", "no")
    run("kafka-topic", REFUSED, ["--fault=topic", f"--spring.kafka.bootstrap-servers={NOBODY}:9092", "--spring.kafka.admin.fail-fast=true", "--spring.kafka.admin.operation-timeout=3s"], f"{NOBODY}:9092", "no")
    run("kafka-name", "dns-resolution-failed", ["--fault=topic", "--spring.kafka.bootstrap-servers=kafka.orders.invalid:9092", "--spring.kafka.admin.fail-fast=true"], "kafka.orders.invalid")
    run("issuer", REFUSED, ["--fault=issuer", f"--issuer=http://{NOBODY}:8080/realms/shop"], None, "no")
    run("schema", "schema-missing", ["--spring.jpa.hibernate.ddl-auto=validate"], "orders", database=True)
    run("driver", "module-not-found", ["--spring.datasource.url=jdbc:mariadb://db/shop", "--spring.datasource.driver-class-name=org.mariadb.jdbc.Driver"], "org.mariadb.jdbc.Driver", "yes", database=True)
    run("url", INVALID, ["--spring.datasource.url=postgres://db/shop"], None, "yes", database=True)
    run("log-file", MISSING, ["--logging.config=/config/logback.xml"], "/config/logback.xml", "yes")
    run("memory", "out-of-memory", ["--fault=memory"], None, None, jvm=["-Xmx64m"])
    run("metaspace", "out-of-memory", [], None, None, jvm=["-XX:MaxMetaspaceSize=24m"])


def java():
    def run(name, cause, arguments, key=None, helps="yes", files=None, **more):
        case(f"run-java-{name}", "java", cause, ["java", *arguments], key, helps, cwd=folder(f"java-{name}", files), **more)

    run("jar", "module-not-found", ["-jar", "/app/orders.jar"], "/app/orders.jar")
    run("class", "module-not-found", ["-cp", "/app/libs/*", "shop.Orders"], "shop.Orders")
    run("option", INVALID, ["-Xmx2x", "-version"], "-Xmx2x")
    run("agent", INVALID, ["-javaagent:/opt/opentelemetry-javaagent.jar", "-version"], "/opt/opentelemetry-javaagent.jar")
    run("options", INVALID, ["-XX:+UseConcMarkSweepGC", "-version"], "UseConcMarkSweepGC")


def micronaut():
    path = compiled("Rates.java", sorted((HERE / "micronaut").glob("*.jar")))

    def run(name, cause, key=None, helps=None, env=None, files=None, **more):
        at = folder(f"micronaut-{name}", files)
        case(f"run-micronaut-{name}", "java/micronaut", cause, ["java", "-XX:TieredStopAtLevel=1", "-cp", path, "shop.Rates"], key, helps, cwd=at, env={"MICRONAUT_SERVER_PORT": str(free_port()), **(env or {})}, seconds=240, **more)

    run("property", MISSING, "payment.api-key", "yes", {"FAULT": "property"})
    run("number", INVALID, "pool.size", "yes", {"FAULT": "number", "POOL_SIZE": "ten"})
    run("bean", "code-error", None, "yes", {"FAULT": "bean"})
    run("exception", "code-error", None, "yes", {"FAULT": "exception"})
    run("port", "port-conflict", str(other := taken()), "yes", {"MICRONAUT_SERVER_PORT": str(other)})
    run("privileged", "file-permission-denied", "80", "yes", {"MICRONAUT_SERVER_PORT": "80"}, user=65534)
    run("yaml", INVALID, None, "yes", {"MICRONAUT_CONFIG_FILES": "rates.yml"}, {"rates.yml": "pool:\n  size: 4\n name: x\n"})
    run("database", "database-unreachable", f"{NOBODY}:5432", "no", {"DATASOURCES_DEFAULT_URL": f"jdbc:postgresql://{NOBODY}:5432/shop", "DATASOURCES_DEFAULT_USERNAME": "app", "DATASOURCES_DEFAULT_CONNECTION_TIMEOUT": "3000", "FLYWAY_DATASOURCES_DEFAULT_ENABLED": "true"})


def kafka():
    jars = ":".join(map(str, sorted((HERE / "kafka").glob("*.jar"))))
    if not jars:
        raise FileNotFoundError("no jars of Kafka")
    log4j = "log4j.rootLogger=INFO, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\nlog4j.appender.out.layout=org.apache.log4j.PatternLayout\nlog4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n\n"

    def run(name, cause, change="", key=None, helps="yes", drop=(), formatted=True, properties="server.properties", **more):
        broker, controller = free_port(), free_port()
        lines = ["process.roles=broker,controller", "node.id=1", f"listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}", "controller.listener.names=CONTROLLER",
                 f"controller.quorum.voters=1@127.0.0.1:{controller}", "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT", "log.dirs=data"]
        at = folder(f"kafka-{name}", {"whole.properties": "\n".join(lines), "server.properties": "\n".join(each for each in lines if each.split("=")[0] not in drop) + f"\n{change}\n".replace("CONTROLLER_PORT", str(controller)), "log4j.properties": log4j})
        if formatted:
            subprocess.run(["java", "-cp", jars, "kafka.tools.StorageTool", "format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", "whole.properties"], cwd=at, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        case(f"run-kafka-{name}", "kafka", cause, ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", f"-Dlog4j.configuration=file:{at}/log4j.properties", "-cp", jars, "kafka.Kafka", properties], key, helps, cwd=at, seconds=150, **more)

    run("not-formatted", MISSING, formatted=False, helps=None)
    run("node", MISSING, drop=["node.id"], key="node.id")
    run("role", INVALID, drop=["process.roles"], change="process.roles=brker", key="process.roles")
    run("listener", INVALID, "advertised.listeners=EXTERNAL://kafka.example.com:9094", "EXTERNAL")
    run("number", INVALID, "num.partitions=many", "num.partitions")
    run("name", "dns-resolution-failed", drop=["listeners"], change="listeners=PLAINTEXT://kafka.orders.invalid:9092,CONTROLLER://127.0.0.1:CONTROLLER_PORT", key="kafka.orders.invalid", helps=None)
    run("port", "port-conflict", drop=["listeners"], change=f"listeners=PLAINTEXT://127.0.0.1:{(other := taken(host='127.0.0.1'))},CONTROLLER://127.0.0.1:CONTROLLER_PORT", key=str(other))
    run("key-store", "tls-certificate-error", drop=["listeners"], change=f"listeners=SSL://127.0.0.1:{free_port()},CONTROLLER://127.0.0.1:CONTROLLER_PORT\ninter.broker.listener.name=SSL\nssl.keystore.location=/tls/kafka.jks\nssl.keystore.password=changeit", key="/tls/kafka.jks", helps=None)
    run("jaas", MISSING, drop=["listeners"], change=f"listeners=SASL_PLAINTEXT://127.0.0.1:{free_port()},CONTROLLER://127.0.0.1:CONTROLLER_PORT\ninter.broker.listener.name=SASL_PLAINTEXT\nsasl.enabled.mechanisms=PLAIN\nsasl.mechanism.inter.broker.protocol=PLAIN", key="KafkaServer")
    run("no-file", MISSING, properties="/etc/kafka/server.properties", key="/etc/kafka/server.properties")


def keycloak():
    def run(name, cause, arguments, key=None, helps="yes", seconds=400, **more):
        case(f"run-keycloak-{name}", "keycloak", cause, [HERE / "keycloak/bin/kc.sh", *arguments], key, helps, cwd=folder(f"keycloak-{name}"), env={"JAVA_HOME": str(JAVA_HOME), "JAVA_OPTS_KC_HEAP": "-Xmx400m", **more.pop("env", {})}, seconds=seconds, places=((str(HERE / "keycloak"), "/opt/keycloak"),), **more)

    run("option", INVALID, ["start-dev", "--htp-port=8081"], "--htp-port")
    run("database-kind", INVALID, ["start-dev", "--db=postgresql"], "postgresql")
    run("hostname", MISSING, ["start", "--http-enabled=true"], "hostname")
    run("key-material", MISSING, ["start", "--hostname=sso.example.com"], None)
    run("database", "database-unreachable", ["start-dev", "--db=postgres", f"--db-url=jdbc:postgresql://{NOBODY}:5432/keycloak", "--db-username=keycloak", "--db-password=x", "--http-port", str(free_port())], f"{NOBODY}:5432", "no")
    run("port", "port-conflict", ["start-dev", f"--http-port={(other := taken())}"], str(other))
    run("import", MISSING, ["import", "--file", "/opt/keycloak/data/import/shop.json"], "/opt/keycloak/data/import/shop.json")


def tomcat():
    home = HERE / "tomcat"
    xml = (home / "conf/server.xml").read_text().replace('port="8005"', 'port="-1"')

    def run(name, cause, key=None, helps="yes", server=xml, web=None, env=None, **more):
        at = folder(f"tomcat-{name}", {"conf/server.xml": server.replace('port="8080"', f'port="{free_port()}"'), "temp/.keep": "", "logs/.keep": ""})
        for each in ("web.xml", "tomcat-users.xml"):
            shutil.copy(home / "conf" / each, at / "conf" / each)
        if web:
            folder(f"tomcat-{name}/webapps/shop/WEB-INF", {"web.xml": f'<?xml version="1.0"?><web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">{web}</web-app>'})
        case(f"run-tomcat-{name}", "java/tomcat", cause, [home / "bin/catalina.sh", "run"], key, helps, cwd=at, env={"CATALINA_BASE": str(at), "JAVA_HOME": str(JAVA_HOME), **(env or {})}, places=((str(home), "/usr/local/tomcat"), (str(at), "/usr/local/tomcat")), **more)

    run("port", "port-conflict", str(other := taken()), server=xml.replace('port="8080"', f'port="{other}"'), seconds=45, ends=False)
    run("xml", INVALID, "server.xml", server=xml.replace("</Service>", ""))
    run("listener", "module-not-found", "com.acme.shop.Boot", web="<listener><listener-class>com.acme.shop.Boot</listener-class></listener>", seconds=45, ends=False)
    run("java-home", INVALID, "JAVA_HOME", env={"JAVA_HOME": "/opt/jdk-21"})
    run("options", INVALID, "MaxRAMPercentages=70", env={"CATALINA_OPTS": "-XX:MaxRAMPercentages=70"})
    run("key-store", "tls-certificate-error", "/tls/shop.p12", None, server=xml.replace("</Service>", f'<Connector port="{free_port()}" protocol="HTTP/1.1" SSLEnabled="true"><SSLHostConfig><Certificate certificateKeystoreFile="/tls/shop.p12" certificateKeystorePassword="x"/></SSLHostConfig></Connector></Service>'), seconds=45, ends=False)


def artemis():
    made = WORK / "artemis-made"
    subprocess.run([HERE / "artemis/bin/artemis", "create", made, "--user", "admin", "--password", "x", "--allow-anonymous", "--no-autotune", "--silent"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "JAVA_HOME": str(JAVA_HOME)})

    def run(name, cause, key=None, helps="yes", change=lambda text: text, **more):
        at = WORK / f"artemis-{name}"
        shutil.copytree(made, at)
        for each in (at / "etc").iterdir():
            each.write_text(each.read_text().replace(str(made), str(at)))
        broker = at / "etc/broker.xml"
        broker.write_text(change(broker.read_text()))
        case(f"run-artemis-{name}", "activemq-artemis", cause, [at / "bin/artemis", "run"], key, helps, cwd=at, env={"JAVA_HOME": str(JAVA_HOME)}, places=((str(HERE / "artemis"), "/opt/activemq-artemis"), (str(at), "/var/lib/artemis-instance")), **more)

    other = taken()
    run("port", "port-conflict", str(other), change=lambda text: text.replace(":61616", f":{other}"), seconds=40, ends=False)
    run("xml", INVALID, "broker.xml", change=lambda text: text.replace("</core>", ""))
    run("element", INVALID, "persistence-enable", change=lambda text: text.replace("persistence-enabled", "persistence-enable"))


def wildfly():
    def run(name, cause, key=None, helps="yes", change=lambda text: text, arguments=(), deployments=None, **more):
        at = folder(f"wildfly-{name}", {f"deployments/{file}": body for file, body in (deployments or {}).items()})
        shutil.copytree(HERE / "wildfly/standalone/configuration", at / "configuration")
        settings = at / "configuration/standalone.xml"
        settings.write_text(change(settings.read_text()))
        case(f"run-wildfly-{name}", "java/wildfly", cause, [HERE / "wildfly/bin/standalone.sh", f"-Djboss.server.base.dir={at}", f"-Djboss.socket.binding.port-offset={free_port() % 20000 + 10000}", *arguments], key, helps, cwd=at, env={"JAVA_HOME": str(JAVA_HOME)}, places=((str(HERE / "wildfly"), "/opt/jboss/wildfly"), (str(at), "/opt/jboss/wildfly/standalone")), **more)

    run("xml", INVALID, "standalone.xml", change=lambda text: text.replace("</profile>", ""), seconds=40)
    run("variable", MISSING, "env.DB_HOST", change=lambda text: text.replace("jdbc:h2:mem:test", "jdbc:postgresql://${env.DB_HOST}/shop"), seconds=50, ends=False)
    run("file", MISSING, "shop.xml", arguments=["-c", "shop.xml"])


PARTS = (kafka, java, tomcat, artemis, keycloak, wildfly, micronaut, spring)
