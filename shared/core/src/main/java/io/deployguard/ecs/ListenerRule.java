package io.deployguard.ecs;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A rule of a load balancer's listener, with what it takes to change it and to change it back.
 *
 * @param ruleArn absent for the default rule, which is changed through its listener
 * @param conditions all of them must hold; none for the default rule
 * @param actionTypes such as {@code forward} and {@code fixed-response}, in order; the last one decides
 * @param targetGroupArns that it forwards to, those with weight 0 too
 * @param actions as ModifyListener and ModifyRule take them, in JSON
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html">Rule</a>
 */
public record ListenerRule(
        String listenerArn,
        int port,
        Optional<String> ruleArn,
        List<Condition> conditions,
        List<String> actionTypes,
        List<String> targetGroupArns,
        String actions) {

    public ListenerRule {
        conditions = List.copyOf(conditions);
        actionTypes = List.copyOf(actionTypes);
        targetGroupArns = List.copyOf(targetGroupArns);
    }

    /**
     * One condition.
     *
     * @param field such as {@code host-header} and {@code path-pattern}
     * @param values of which one must match, with {@code *} and {@code ?}; empty when it is not given as such values
     */
    public record Condition(String field, List<String> values) {

        public Condition {
            values = List.copyOf(values);
        }

        private Meets meets(String host, String path) {
            if (values.isEmpty()) {
                return Meets.UNKNOWN;
            }
            return switch (field) {
                case "host-header" -> any(host.toLowerCase(Locale.ROOT), true);
                case "path-pattern" -> any(path, false);
                default -> Meets.UNKNOWN;
            };
        }

        private Meets any(String text, boolean ignoreCase) {
            return values.stream()
                            .map(pattern -> ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern)
                            .anyMatch(pattern -> matches(pattern, text))
                    ? Meets.YES
                    : Meets.NO;
        }
    }

    /** Whether a request meets a rule. */
    public enum Meets {
        YES,
        NO,
        /** It depends on more than host and path. */
        UNKNOWN
    }

    public boolean isDefault() {
        return ruleArn.isEmpty();
    }

    /** Whether a request for this path of this host meets it, should none of the rules before it. */
    public Meets meets(String host, String path) {
        var answers = conditions.stream()
                .map(condition -> condition.meets(host, path))
                .toList();
        return answers.contains(Meets.NO) ? Meets.NO : answers.contains(Meets.UNKNOWN) ? Meets.UNKNOWN : Meets.YES;
    }

    /** {@code default rule of port 443}, or with the number of the rule. */
    public String name() {
        return ruleArn.map(arn -> "rule " + arn.substring(arn.lastIndexOf('/') + 1))
                        .orElse("default action")
                + " of port " + port;
    }

    /** In time proportional to the product of both lengths at most. */
    private static boolean matches(String pattern, String text) {
        var at = 0;
        var next = 0;
        var star = -1;
        var retry = 0;
        while (at < text.length()) {
            if (next < pattern.length() && pattern.charAt(next) == '*') {
                star = next++;
                retry = at;
            } else if (next < pattern.length()
                    && (pattern.charAt(next) == '?' || pattern.charAt(next) == text.charAt(at))) {
                next++;
                at++;
            } else if (star >= 0) {
                next = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (next < pattern.length() && pattern.charAt(next) == '*') {
            next++;
        }
        return next == pattern.length();
    }
}
