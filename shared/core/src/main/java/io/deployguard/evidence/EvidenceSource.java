package io.deployguard.evidence;

import io.deployguard.ecs.ServiceRef;
import java.time.Instant;
import java.util.List;

/** Answers evidence requests. */
public interface EvidenceSource {

    /**
     * All answers that arrived in time, in the order of the requests. A request that was refused, failed or was late is answered by an
     * {@link Evidence.Missing}; nothing is thrown for it. Text is as AWS gave it: the caller cleans and redacts.
     *
     * @param service that all requests are about
     */
    List<Evidence> gather(ServiceRef service, List<EvidenceRequest> requests, Instant deadline);
}
