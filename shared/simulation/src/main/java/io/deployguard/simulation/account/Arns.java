package io.deployguard.simulation.account;

/** The Amazon resource names of one account in one region. */
public record Arns(String region, String account) {
    String cluster(String name) {
        return ecs("cluster/" + name);
    }

    String service(String cluster, String name) {
        return ecs("service/" + cluster + "/" + name);
    }

    String serviceRevision(String cluster, String service, String number) {
        return ecs("service-revision/" + cluster + "/" + service + "/" + number);
    }

    String serviceDeployment(String cluster, String service, String id) {
        return ecs("service-deployment/" + cluster + "/" + service + "/" + id);
    }

    String task(String cluster, String id) {
        return ecs("task/" + cluster + "/" + id);
    }

    String container(String cluster, String task, String id) {
        return ecs("container/" + cluster + "/" + task + "/" + id);
    }

    String taskDefinition(String family, int revision) {
        return ecs("task-definition/" + family + ":" + revision);
    }

    String targetGroup(String name, String id) {
        return balancing("targetgroup/" + name + "/" + id);
    }

    String loadBalancer(String name, String id) {
        return balancing("loadbalancer/app/" + name + "/" + id);
    }

    String alarm(String name) {
        return "arn:aws:cloudwatch:%s:%s:alarm:%s".formatted(region, account, name);
    }

    String codeDeployGroup(String application, String name) {
        return "arn:aws:codedeploy:%s:%s:deploymentgroup:%s/%s".formatted(region, account, application, name);
    }

    String logGroup(String name) {
        return "arn:aws:logs:%s:%s:log-group:%s".formatted(region, account, name);
    }

    String queue(String name) {
        return "arn:aws:sqs:%s:%s:%s".formatted(region, account, name);
    }

    String repository(String name) {
        return "arn:aws:ecr:%s:%s:repository/%s".formatted(region, account, name);
    }

    /** The last segment of an ARN, or the text itself when it is a plain name. */
    public static String nameIn(String arnOrName) {
        return arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }

    private String ecs(String resource) {
        return "arn:aws:ecs:%s:%s:%s".formatted(region, account, resource);
    }

    private String balancing(String resource) {
        return "arn:aws:elasticloadbalancing:%s:%s:%s".formatted(region, account, resource);
    }
}
