package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One page of a list, by {@code maxResults} and {@code nextToken} as ECS names them. */
record Page<T>(List<T> items, Optional<String> nextToken) {

    /**
     * The page that {@code request} asks for.
     *
     * @param usual the size of a page when the request names none
     */
    static <T> Page<T> of(ObjectNode request, int usual, List<T> all) {
        var size = request.path("maxResults").asInt(usual);
        if (size < 1 || size > 100) {
            throw AwsError.invalid("maxResults must be between 1 and 100.");
        }
        var from = Json.text(request, "nextToken").map(Page::position).orElse(0);
        var to = Math.min(from + size, all.size());
        return new Page<>(
                all.subList(Math.min(from, to), to), to < all.size() ? Optional.of("page-" + to) : Optional.empty());
    }

    ObjectNode as(String field, Function<List<T>, ArrayNode> render) {
        var answer = Json.object();
        answer.set(field, render.apply(items));
        nextToken.ifPresent(token -> answer.put("nextToken", token));
        return answer;
    }

    private static int position(String token) {
        try {
            return Integer.parseInt(token.replaceFirst("^page-", ""));
        } catch (NumberFormatException unknown) {
            throw AwsError.invalid("Invalid token: " + token);
        }
    }
}
