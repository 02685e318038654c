package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.simulation.lab.SchedulePoller.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void sendsTheEventOfEventBridgeScheduler() {
        var function =
                LambdaFunction.of("watch", "Handler", Path.of("watch.jar")).in("us-east-1", "111122223333");
        var schedule = new Schedule("every-minute", Duration.ofMinutes(1), Duration.ofSeconds(30));
        var id = new UUID(0, 7);
        assertThat(schedule.event(function, id, Instant.parse("2026-11-20T12:01:00.250Z")))
                .isEqualTo("""
                        {"version":"0","id":"00000000-0000-0000-0000-000000000007","detail-type":"Scheduled Event",\
                        "source":"aws.scheduler","account":"111122223333","time":"2026-11-20T12:01:00Z","region":"us-east-1",\
                        "resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/default/every-minute"],"detail":"{}"}""");
    }
}
