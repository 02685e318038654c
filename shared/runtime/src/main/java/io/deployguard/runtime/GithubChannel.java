package io.deployguard.runtime;

import io.deployguard.channels.github.GithubNotifier;
import io.deployguard.channels.http.BearerToken;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Statuses of deployments on GitHub. */
final class GithubChannel implements ChannelKind {

    static final String TOKEN = "DEPLOY_GUARD_GITHUB_TOKEN";
    static final String TOKEN_SECRET = "DEPLOY_GUARD_GITHUB_TOKEN_SECRET";

    /** That of an Enterprise Server. */
    static final String API_URL = "DEPLOY_GUARD_GITHUB_API_URL";

    @Override
    public Optional<String> name(RuntimeSettings settings) {
        return Stream.of(TOKEN, TOKEN_SECRET)
                .flatMap(variable -> settings.find(variable).stream())
                .findFirst()
                .map(_ -> "github");
    }

    @Override
    public Notifier open(RuntimeSettings settings, UnaryOperator<String> secrets) {
        var token = ChannelKind.text(settings, TOKEN, TOKEN_SECRET, secrets);
        return new GithubNotifier(
                new BearerToken("GitHub token", token.orElseThrow()),
                settings.find(API_URL).map(URI::create).orElse(GithubNotifier.GITHUB),
                HttpPost.DEFAULT);
    }
}
