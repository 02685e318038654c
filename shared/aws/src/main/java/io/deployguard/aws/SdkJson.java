package io.deployguard.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collection;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** Values of the SDK as the JSON that the AWS CLI takes: members by their names in the API, and only those that are there. */
public final class SdkJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SdkJson() {}

    public static String text(Collection<? extends SdkPojo> values) {
        return node(values).toString();
    }

    /** One value with all that is in it. */
    public static JsonNode of(SdkPojo value) {
        return node(value);
    }

    private static JsonNode node(Object value) {
        return switch (value) {
            case SdkPojo pojo -> {
                var object = JSON.objectNode();
                for (var field : pojo.sdkFields()) {
                    var member = field.getValueOrDefault(pojo);
                    if (member != null
                            && !(member instanceof SdkAutoConstructList<?>)
                            && !(member instanceof SdkAutoConstructMap<?, ?>)) {
                        object.set(field.memberName(), node(member));
                    }
                }
                yield object;
            }
            case Collection<?> many -> {
                var array = JSON.arrayNode();
                many.forEach(element -> array.add(node(element)));
                yield array;
            }
            case Map<?, ?> named -> {
                var object = JSON.objectNode();
                named.forEach((name, element) -> object.set(String.valueOf(name), node(element)));
                yield object;
            }
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case Boolean flag -> JSON.booleanNode(flag);
            default -> JSON.textNode(value.toString());
        };
    }
}
