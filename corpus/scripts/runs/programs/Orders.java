package shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.ArrayList;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoders;
import org.springframework.stereotype.Component;
import org.springframework.validation.annotation.Validated;

/** A Spring Boot application with one fault of its own at a time: {@code --fault=NAME}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Orders {

    public static void main(String[] arguments) {
        SpringApplication.run(Orders.class, arguments);
    }

    @Entity(name = "orders")
    public static class Order {
        @Id
        Long id;
    }

    @Validated
    @ConfigurationProperties("orders")
    public record Settings(@NotBlank String region, Duration timeout) {}

    @Component
    @ConditionalOnProperty(name = "fault", havingValue = "placeholder")
    static class Mailer {
        Mailer(@Value("${payment.api-key}") String key) {}
    }

    interface Rates {}

    @Component
    @ConditionalOnProperty(name = "fault", havingValue = "bean")
    static class Cart {
        Cart(Rates rates) {}
    }

    @Component
    @ConditionalOnProperty(name = "fault", havingValue = "circle")
    static class Stock {
        Stock(Shelf shelf) {}
    }

    @Component
    @ConditionalOnProperty(name = "fault", havingValue = "circle")
    static class Shelf {
        Shelf(Stock stock) {}
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "issuer")
    JwtDecoder decoder(@Value("${issuer}") String issuer) {
        return JwtDecoders.fromIssuerLocation(issuer);
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "topic")
    NewTopic topic() {
        return new NewTopic("orders", 1, (short) 1);
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "redis")
    CommandLineRunner askRedis(StringRedisTemplate redis) {
        return arguments -> redis.opsForValue().get("rates");
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "mongo")
    CommandLineRunner askMongo(MongoTemplate mongo) {
        return arguments -> mongo.getCollection("orders").countDocuments();
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "rabbit")
    CommandLineRunner askRabbit(RabbitTemplate rabbit) {
        return arguments -> rabbit.convertAndSend("orders", "placed");
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "memory")
    CommandLineRunner askMemory() {
        return arguments -> {
            var rates = new ArrayList<byte[]>();
            while (true) {
                rates.add(new byte[1 << 20]);
            }
        };
    }

    @Bean
    @ConditionalOnProperty(name = "fault", havingValue = "exception")
    CommandLineRunner askException() {
        return arguments -> {
            String region = System.getProperty("no.such");
            System.out.println(region.length());
        };
    }
}
