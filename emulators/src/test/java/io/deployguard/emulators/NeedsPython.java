package io.deployguard.emulators;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that use {@link PythonTools}: skipped with the reason where these cannot be had, except in CI, where they then fail. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPython.Condition.class)
@interface NeedsPython {

    /** Whether LocalStack is needed as well. */
    boolean localStack() default false;

    /** Whether the SAM CLI is needed as well. */
    boolean sam() default false;

    /** Asks {@link PythonTools}. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            var needs = context.getElement().map(element -> element.getAnnotation(NeedsPython.class));
            var needsLocalStack = needs.filter(NeedsPython::localStack).isPresent();
            var needsSam = needs.filter(NeedsPython::sam).isPresent();
            return switch (PythonTools.find()) {
                case PythonTools.Found.Missing(var reason) -> without(reason);
                case PythonTools.Found.Ready _
                when needsLocalStack && LocalStackServer.place() instanceof LocalStackPlace.Missing(var reason) ->
                    without(reason);
                case PythonTools.Found.Ready _
                when needsSam && PythonTools.findSam() instanceof PythonTools.Found.Missing(var reason) ->
                    without(reason);
                case PythonTools.Found.Ready _ -> ConditionEvaluationResult.enabled("the tools are installed");
            };
        }

        private static ConditionEvaluationResult without(String reason) {
            if (Project.isCi()) {
                return ConditionEvaluationResult.enabled("in CI every test runs");
            }
            System.err.println("emulators: " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
