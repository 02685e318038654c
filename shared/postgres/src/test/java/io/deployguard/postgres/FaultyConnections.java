package io.deployguard.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/** Real connections that fail when told to: as another writer, a restart or a lost network would make them. */
final class FaultyConnections implements ConnectionSource {

    private final ConnectionSource real;
    private String state = "40001";
    private int failAtStatement;
    private int failures;
    private boolean failAtCommit;
    private int statements;
    private int injected;
    private int opened;

    FaultyConnections(ConnectionSource real) {
        this.real = real;
    }

    /** The next {@code times} transactions fail when they run their nth statement, counted from 1. */
    void failAtStatement(int nth, int times, String sqlState) {
        arm(sqlState, times);
        failAtStatement = nth;
    }

    /** The next {@code times} transactions fail at their commit, which does not take place. */
    void failAtCommit(int times, String sqlState) {
        arm(sqlState, times);
        failAtCommit = true;
    }

    void behave() {
        arm("40001", 0);
    }

    /** Failures that were injected since it was last told what to do. */
    int injected() {
        return injected;
    }

    /** Connections that were opened so far. */
    int opened() {
        return opened;
    }

    private void arm(String sqlState, int times) {
        state = sqlState;
        failures = times;
        failAtStatement = 0;
        failAtCommit = false;
        statements = 0;
        injected = 0;
    }

    @Override
    public Connection open() throws SQLException {
        opened++;
        var connection = real.open();
        return proxy(Connection.class, (method, arguments) -> {
            switch (method.getName()) {
                case "prepareStatement" -> {
                    return statement((PreparedStatement) call(method, connection, arguments));
                }
                case "commit" -> {
                    failIf(() -> failAtCommit);
                    statements = 0;
                }
                case "rollback" -> statements = 0;
                default -> {}
            }
            return call(method, connection, arguments);
        });
    }

    @Override
    public String describe() {
        return real.describe();
    }

    @Override
    public Dialect dialect() {
        return real.dialect();
    }

    private PreparedStatement statement(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                statements++;
                failIf(() -> statements == failAtStatement);
            }
            return call(method, statement, arguments);
        });
    }

    private void failIf(BooleanSupplier here) throws SQLException {
        if (failures > 0 && here.getAsBoolean()) {
            failures--;
            injected++;
            throw new SQLException("injected", state);
        }
    }

    private interface Handler {
        Object handle(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        var none = new Object[0];
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> handler.handle(method, arguments == null ? none : arguments)));
    }

    private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
