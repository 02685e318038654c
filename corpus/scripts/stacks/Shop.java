package shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** A Spring Boot application that does what its first argument says; the rest are properties, {@code --name=value}. */
@SpringBootApplication(proxyBeanMethods = false)
public class Shop {

    private static String what = "web";

    public static void main(String[] args) throws Exception {
        what = args[0];
        var rest = java.util.Arrays.copyOfRange(args, 1, args.length);
        switch (what) {
            case "kafka-plain" -> kafka(rest[0]);
            case "mongo-plain" -> mongo(rest[0]);
            case "jdbc" -> jdbc(rest);
            case "flyway" -> flyway(rest);
            default -> SpringApplication.run(Shop.class, rest);
        }
    }

    @Bean
    CommandLineRunner atStart(ApplicationContext context) {
        return ignored -> {
            switch (what) {
                case "query" -> new org.springframework.jdbc.core.JdbcTemplate(context.getBean(DataSource.class)).queryForList("select id, total from invoices");
                case "jooq" -> context.getBean(org.jooq.DSLContext.class).fetch("select id from invoices");
                case "redis" -> context.getBean(org.springframework.data.redis.core.StringRedisTemplate.class).opsForValue().get("cart");
                case "rabbit" -> context.getBean(org.springframework.amqp.rabbit.core.RabbitTemplate.class).convertAndSend("orders", "placed");
                case "mongo" -> context.getBean(org.springframework.data.mongodb.core.MongoTemplate.class).getCollectionNames();
                case "kafka" -> context.getBean(org.springframework.kafka.core.KafkaTemplate.class).send("orders", "placed").get();
                default -> {}
            }
        };
    }

    private static void kafka(String servers) throws Exception {
        Map<String, Object> properties = Map.of("bootstrap.servers", servers, "default.api.timeout.ms", 4000, "request.timeout.ms", 2000);
        try (var admin = org.apache.kafka.clients.admin.AdminClient.create(properties)) {
            System.out.println(admin.listTopics().names().get());
        }
    }

    private static void mongo(String url) {
        try (var client = com.mongodb.client.MongoClients.create(url)) {
            System.out.println(client.getDatabase("shop").listCollectionNames().first());
        }
    }

    private static void jdbc(String[] rest) throws Exception {
        try (var connection = java.sql.DriverManager.getConnection(rest[0]); var statement = connection.createStatement()) {
            statement.execute(rest[1]);
        }
    }

    private static void flyway(String[] rest) {
        org.flywaydb.core.Flyway.configure().dataSource(rest[0], rest[1], rest[2]).locations(rest[3]).lockRetryCount(2).load().migrate();
    }

    @Entity(name = "refunds")
    @Table(name = "refunds")
    static class Refund {
        @Id
        Long id;

        @Column(name = "reason_code")
        String reasonCode;
    }
}
