package io.deployguard.classification;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Keeps the first and the last of many things, so that work stays linear whatever a log repeats. */
final class FirstAndLast<T> {

    private final int most;
    private final List<T> first = new ArrayList<>(1);
    private final ArrayDeque<T> last = new ArrayDeque<>(0);

    /** @param most how many are kept at the beginning, and again at the end */
    FirstAndLast(int most) {
        this.most = most;
    }

    void add(T thing) {
        if (first.size() < most) {
            first.add(thing);
        } else {
            last.add(thing);
            if (last.size() > most) {
                last.remove();
            }
        }
    }

    List<T> inOrder() {
        var all = new ArrayList<>(first);
        all.addAll(last);
        return all;
    }
}
