package shop;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.Micronaut;

/** A Micronaut application with one fault of its own at a time: the property {@code fault}. */
public class Rates {

    public static void main(String[] arguments) {
        Micronaut.run(Rates.class, arguments);
    }

    @Context
    @Requires(property = "fault", value = "property")
    static class Mailer {
        Mailer(@Property(name = "payment.api-key") String key) {}
    }

    @Context
    @Requires(property = "fault", value = "number")
    static class Pool {
        Pool(@Property(name = "pool.size") int size) {}
    }

    interface Source {}

    @Context
    @Requires(property = "fault", value = "bean")
    static class Cart {
        Cart(Source source) {}
    }

    @Context
    @Requires(property = "fault", value = "exception")
    static class Broken {
        Broken() {
            throw new IllegalStateException("no rate for EUR");
        }
    }
}
