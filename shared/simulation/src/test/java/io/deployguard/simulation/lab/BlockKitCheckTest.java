package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BlockKitCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIVIDER = "{'type':'divider'}";

    private static String plain(int length) {
        return "{'type':'plain_text','text':'%s'}".formatted("x".repeat(length));
    }

    private static String many(int count, String item) {
        return String.join(",", Collections.nCopies(count, item));
    }

    private static String button(String rest) {
        return "{'type':'actions','elements':[{'type':'button','text':%s%s}]}".formatted(plain(5), rest);
    }

    private static String section(String rest) {
        return "{'type':'section',%s}".formatted(rest);
    }

    static Stream<Arguments> blocksThatAreAccepted() {
        return Stream.of(
                arguments("no block", ""),
                arguments("50 blocks", many(50, DIVIDER)),
                arguments("a header of 150", "{'type':'header','text':%s}".formatted(plain(150))),
                arguments(
                        "a header of 150 characters beyond the basic plane",
                        "{'type':'header','text':{'type':'plain_text','text':'%s'}}".formatted("😀".repeat(150))),
                arguments("a section of 3000", section("'text':" + plain(3000))),
                arguments("10 fields of 2000", section("'fields':[%s]".formatted(many(10, plain(2000))))),
                arguments(
                        "a section with a menu",
                        section("'text':%s,'accessory':{'type':'overflow','options':[{'text':%s,'value':'a'}]}"
                                .formatted(plain(5), plain(75)))),
                arguments(
                        "a context",
                        "{'type':'context','elements':[%s,{'type':'image','image_url':'https://a.example/b','alt_text':'b'}]}"
                                .formatted(plain(5))),
                arguments(
                        "a button that asks first",
                        button(
                                ",'style':'danger','value':'v','confirm':{'title':%1$s,'text':%1$s,'confirm':%1$s,'deny':%1$s}"
                                        .formatted(plain(30)))),
                arguments(
                        "rich text",
                        "{'type':'rich_text','elements':[{'type':'rich_text_section','elements':[{'type':'text','text':'a','style':{'bold':true}}]},"
                                + "{'type':'rich_text_preformatted','elements':[{'type':'text','text':'b'}]},"
                                + "{'type':'rich_text_list','style':'bullet','elements':[{'type':'rich_text_section','elements':[{'type':'link','url':'https://a.example'}]}]}]}"),
                arguments("markdown", "{'type':'markdown','text':'**bold**'}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void blocksThatAreAccepted(String name, String blocks) {
        assertThat(problems(blocks)).as(name).isEmpty();
    }

    static Stream<Arguments> blocksThatAreRefused() {
        return Stream.of(
                arguments("51 blocks", many(51, DIVIDER), "no more than 50 items allowed [json-pointer:/blocks]"),
                arguments(
                        "an unknown type", "{'type':'alert'}", "unsupported type: alert [json-pointer:/blocks/0/type]"),
                arguments("no type", "{}", "unsupported type: none [json-pointer:/blocks/0/type]"),
                arguments(
                        "a header of 151",
                        "{'type':'header','text':%s}".formatted(plain(151)),
                        "must be less than 151 characters [json-pointer:/blocks/0/text/text]"),
                arguments(
                        "a header in mrkdwn",
                        "{'type':'header','text':{'type':'mrkdwn','text':'*a*'}}",
                        "must be plain_text [json-pointer:/blocks/0/text/type]"),
                arguments(
                        "a header without text",
                        "{'type':'header'}",
                        "missing required field: text [json-pointer:/blocks/0]"),
                arguments(
                        "a section of 3001",
                        DIVIDER + "," + section("'text':" + plain(3001)),
                        "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"),
                arguments(
                        "an empty section text",
                        section("'text':" + plain(0)),
                        "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
                arguments(
                        "a section without text and fields",
                        section("'block_id':'a'"),
                        "must have at least one of: text, fields [json-pointer:/blocks/0]"),
                arguments(
                        "11 fields",
                        section("'fields':[%s]".formatted(many(11, plain(5)))),
                        "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
                arguments(
                        "a field of 2001",
                        section("'fields':[%s]".formatted(plain(2001))),
                        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"),
                arguments(
                        "11 context elements",
                        "{'type':'context','elements':[%s]}".formatted(many(11, plain(5))),
                        "no more than 10 items allowed [json-pointer:/blocks/0/elements]"),
                arguments(
                        "26 buttons",
                        "{'type':'actions','elements':[%s]}"
                                .formatted(many(26, "{'type':'button','text':%s}".formatted(plain(5)))),
                        "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
                arguments(
                        "no buttons",
                        "{'type':'actions','elements':[]}",
                        "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
                arguments(
                        "a button label of 76",
                        "{'type':'actions','elements':[{'type':'button','text':%s}]}".formatted(plain(76)),
                        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
                arguments(
                        "a button value of 2001",
                        button(",'value':'%s'".formatted("v".repeat(2001))),
                        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"),
                arguments(
                        "a button style of our own",
                        button(",'style':'warning'"),
                        "style must be primary or danger [json-pointer:/blocks/0/elements/0/style]"),
                arguments(
                        "a question without a title",
                        button(",'confirm':{'text':%1$s,'confirm':%1$s,'deny':%1$s}".formatted(plain(5))),
                        "missing required field: title [json-pointer:/blocks/0/elements/0/confirm]"),
                arguments(
                        "6 menu options",
                        "{'type':'actions','elements':[{'type':'overflow','options':[%s]}]}"
                                .formatted(many(6, "{'text':%s}".formatted(plain(5)))),
                        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]"),
                arguments(
                        "a block_id twice",
                        many(2, "{'type':'divider','block_id':'a'}"),
                        "block_id must be unique in a message [json-pointer:/blocks/1/block_id]"),
                arguments(
                        "a block_id of 256",
                        "{'type':'divider','block_id':'%s'}".formatted("a".repeat(256)),
                        "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
                arguments(
                        "a rich text part of our own",
                        "{'type':'rich_text','elements':[{'type':'rich_text_table','elements':[{'type':'text','text':'a'}]}]}",
                        "unsupported type: rich_text_table [json-pointer:/blocks/0/elements/0/type]"),
                arguments(
                        "too much markdown in all",
                        many(2, "{'type':'markdown','text':'%s'}".formatted("m".repeat(6001))),
                        "markdown text must be less than 12001 characters in all [json-pointer:/blocks]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void blocksThatAreRefused(String name, String blocks, String problem) {
        assertThat(problems(blocks)).as(name).containsExactly("[ERROR] " + problem);
    }

    @Test
    void checksTheBlocksOfAttachmentsToo() {
        var attachments = json("[{'color':'#a30200','blocks':[{'type':'header'}]}]");
        assertThat(BlockKitCheck.problems(json("[]"), attachments))
                .containsExactly("[ERROR] missing required field: text [json-pointer:/attachments/0/blocks/0]");
    }

    private static Iterable<String> problems(String blocks) {
        return BlockKitCheck.problems(json("[%s]".formatted(blocks)), JSON.missingNode());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
