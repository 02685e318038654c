package io.deployguard.simulation.account;

/** Who is told about the tasks of services. */
interface TaskWatcher {
    /** How a task disappointed the one who started it. */
    enum Failure {
        /** It never reached RUNNING. */
        START,
        /** Its health check failed, or it ended before a check had passed. */
        HEALTH_CHECK,
        /** It ended, and no check was there to notice. */
        EXIT
    }

    /** Nobody. */
    TaskWatcher NOBODY = new TaskWatcher() {
        @Override
        public void running(SimulatedTask task) {}

        @Override
        public void failed(SimulatedTask task, Failure failure) {}

        @Override
        public void changed(SimulatedTask task) {}
    };

    void running(SimulatedTask task);

    void failed(SimulatedTask task, Failure failure);

    /** Something changed on which the scheduler may have to act. */
    void changed(SimulatedTask task);
}
