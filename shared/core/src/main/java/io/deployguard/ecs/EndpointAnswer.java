package io.deployguard.ecs;

import java.util.Locale;
import java.util.Optional;

/** What came back when the guard asked an {@link Endpoint} from outside. */
public sealed interface EndpointAnswer {

    /**
     * An HTTP response.
     *
     * @param server the {@code Server} header
     * @param body its beginning, at most 64 KiB
     */
    record Given(int status, Optional<String> server, String body) implements EndpointAnswer {

        /**
         * Whether the load balancer answered by itself instead of a task: it then signs as {@code awselb/2.0}.
         *
         * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html">Errors that the
         *     load balancer generates</a>
         */
        public boolean isOfLoadBalancer() {
            return server.filter(name -> name.toLowerCase(Locale.ROOT).startsWith("awselb/"))
                    .isPresent();
        }

        String from() {
            return isOfLoadBalancer() ? " from the load balancer itself" : "";
        }
    }

    /** No response at all. */
    record None(String because) implements EndpointAnswer {}
}
