package io.deployguard.simulation.lab;

/**
 * What Slack accepts at most, counted in characters unless the name says otherwise.
 *
 * @see <a href="https://docs.slack.dev/reference/block-kit/blocks/">Blocks</a>
 * @see <a href="https://docs.slack.dev/reference/block-kit/block-elements/">Block elements</a>
 * @see <a href="https://docs.slack.dev/reference/methods/chat.postMessage/">chat.postMessage</a>
 * @see <a href="https://docs.slack.dev/reference/methods/chat.update/">chat.update</a>
 */
final class SlackLimits {
    static final int BLOCKS = 50;
    static final int ALL_BLOCKS = 13_200; // undocumented; reported in slackapi/bolt-js 2509
    static final int ATTACHMENTS = 100;
    static final int ID = 255;

    static final int POSTED_TEXT = 40_000; // longer text is cut
    static final int UPDATED_TEXT = 4_000; // longer text is refused

    static final int SECTION_TEXT = 3_000;
    static final int SECTION_FIELDS = 10;
    static final int SECTION_FIELD = 2_000;
    static final int HEADER_TEXT = 150;
    static final int CONTEXT_ELEMENTS = 10;
    static final int MARKDOWN_TEXT = 12_000; // of all markdown blocks together
    static final int IMAGE_ALT_TEXT = 2_000;
    static final int IMAGE_URL = 3_000;

    static final int ACTIONS_ELEMENTS = 25;
    static final int BUTTON_TEXT = 75;
    static final int BUTTON_VALUE = 2_000;
    static final int BUTTON_URL = 3_000;
    static final int OVERFLOW_OPTIONS = 5;
    static final int OPTION_TEXT = 75;
    static final int OPTION_VALUE = 150;

    static final int CONFIRM_TITLE = 100;
    static final int CONFIRM_TEXT = 300;
    static final int CONFIRM_BUTTON = 30;

    private SlackLimits() {}
}
