/**
 * How does a pipeline learn that its release failed? As the status of the deployment that it made on GitHub. Begin with
 * {@link io.deployguard.channels.github.GithubNotifier}.
 */
@NullMarked
package io.deployguard.channels.github;

import org.jspecify.annotations.NullMarked;
