package io.deployguard.aws.place;

import io.deployguard.aws.AwsClients;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.evidence.EvidenceSource;
import io.deployguard.fault.GuardFault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Asks for evidence where the service is. Thread-safe. */
public final class PlacedEvidence implements EvidenceSource {

    private final AwsPlaces places;
    private final Function<AwsClients, EvidenceSource> source;
    private final Map<Place, EvidenceSource> sources = new ConcurrentHashMap<>();

    /** @param source that asks with these clients */
    public PlacedEvidence(AwsPlaces places, Function<AwsClients, EvidenceSource> source) {
        this.places = places;
        this.source = source;
    }

    @Override
    public List<Evidence> gather(ServiceRef service, List<EvidenceRequest> requests, Instant deadline) {
        try {
            var clients = places.reading(service.place());
            return sources.computeIfAbsent(service.place(), _ -> source.apply(clients))
                    .gather(service, requests, deadline);
        } catch (GuardFault fault) {
            return requests.stream()
                    .<Evidence>map(
                            request -> new Evidence.Missing(request.source(), String.valueOf(fault.getMessage())))
                    .toList();
        }
    }
}
