package io.deployguard.ecs;

import java.util.List;

/** Whether ECS could still pull the images of a revision. */
public sealed interface ImageState {

    /** All of them are where they were. */
    record Present() implements ImageState {}

    /** One of them was deleted, as the lifecycle policy of a repository does. */
    record Gone(String because) implements ImageState {}

    /**
     * None is known to be gone, and not all could be looked at.
     *
     * @param because one sentence each
     */
    record NotChecked(List<String> because) implements ImageState {

        public NotChecked {
            because = List.copyOf(because);
        }
    }
}
