package io.deployguard.channels.slack;

/**
 * Every limit a message must keep: Slack's, each with its page, and the stricter ones this project sets itself. Characters are UTF-16 units, which
 * is never less than what Slack counts.
 */
public final class SlackLimits {

    // https://docs.slack.dev/reference/block-kit/blocks
    static final int BLOCKS_IN_MESSAGE = 50;
    static final int BLOCK_ID = 255;

    // https://docs.slack.dev/reference/block-kit/blocks/header-block
    static final int HEADER = 150;

    // https://docs.slack.dev/reference/block-kit/blocks/section-block
    static final int SECTION_TEXT = 3_000;

    // https://docs.slack.dev/reference/block-kit/blocks/context-block
    static final int CONTEXT_ELEMENTS = 10;

    // https://docs.slack.dev/reference/block-kit/blocks/actions-block
    static final int ACTIONS_ELEMENTS = 25;

    // https://docs.slack.dev/reference/block-kit/block-elements/button-element
    static final int BUTTON_TEXT = 75;
    static final int BUTTON_URL = 3_000;
    static final int ACTION_ID = 255;

    // https://docs.slack.dev/reference/methods/chat.postMessage#truncating
    static final int TEXT = 40_000;

    // https://docs.slack.dev/messaging/message-metadata
    static final String METADATA_EVENT = "deploy_guard_notice";

    /**
     * Ours. {@code msg_blocks_too_long} is undocumented and was reported near 13,200 characters although each block kept its own limit.
     */
    static final int OUR_SERIALIZED_BLOCKS = 10_000;

    static final int OUR_BLOCKS = 12;
    static final int OUR_HEADER = 120;
    static final int OUR_LOG_LINES = 8;
    static final int OUR_LOG_CHARS = 2_400;
    static final int OUR_LOG_LINE = 240;
    static final int OUR_TEXT_MIN = 60;
    static final int OUR_TEXT_MAX = 250;
    static final int OUR_STYLED_BUTTONS = 1;
    static final int OUR_LINKS = 5;

    private SlackLimits() {}
}
