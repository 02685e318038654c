package io.deployguard.aws.place;

import io.deployguard.aws.ecs.EcsSnapshotSource;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at each service where it is. Thread-safe. */
public final class PlacedSnapshots implements SnapshotSource {

    private final AwsPlaces places;
    private final InstantSource clock;
    private final Map<Place, SnapshotSource> sources = new ConcurrentHashMap<>();

    public PlacedSnapshots(AwsPlaces places, InstantSource clock) {
        this.places = places;
        this.clock = clock;
    }

    @Override
    public boolean includes(ServiceRef service) {
        return places.includes(service.place());
    }

    @Override
    public ServiceSnapshot describe(ServiceRef service) {
        return at(service.place()).describe(service);
    }

    @Override
    public ImageState images(ServiceRevision revision) {
        return at(Place.ofArn(revision.arn())).images(revision);
    }

    @Override
    public TaskDefinition describeTaskDefinition(String taskDefinitionArn) {
        return at(Place.ofArn(taskDefinitionArn)).describeTaskDefinition(taskDefinitionArn);
    }

    @Override
    public Optional<String> findActiveTwin(String taskDefinitionArn) {
        return at(Place.ofArn(taskDefinitionArn)).findActiveTwin(taskDefinitionArn);
    }

    /** Target groups of one service, which are where it is. */
    @Override
    public List<ListenerRule> listenerRules(List<String> targetGroupArns) {
        return targetGroupArns.isEmpty()
                ? List.of()
                : at(Place.ofArn(targetGroupArns.getFirst())).listenerRules(targetGroupArns);
    }

    @Override
    public List<Task> oneOffTasks(String clusterArn, String family) {
        return at(Place.ofArn(clusterArn)).oneOffTasks(clusterArn, family);
    }

    @Override
    public Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
        return at(Place.ofArn(deployment.arn())).releasedBy(deployment);
    }

    private SnapshotSource at(Place place) {
        var clients = places.reading(place);
        return sources.computeIfAbsent(place, _ -> new EcsSnapshotSource(clients, clock));
    }
}
