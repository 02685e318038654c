package io.deployguard.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {

    private static final Accounts TWO =
            new Accounts(Optional.of("123456789012"), Set.of("210987654321"), Map.of("210987654321", "live"));

    @Test
    void areTheOwnOneAndThoseThatAreListed() {
        assertThat(TWO.includes("123456789012")).isTrue();
        assertThat(TWO.includes("210987654321")).isTrue();
        assertThat(TWO.includes("999999999999")).isFalse();
        assertThat(new Accounts(Optional.of("123456789012"), Set.of(), Map.of()).includes("210987654321"))
                .isFalse();
    }

    @Test
    void areWhicheverItIsWhereNobodyHasSaid() {
        assertThat(Accounts.OWN.includes("999999999999")).isTrue();
        assertThat(Accounts.OWN.areSeveral()).isFalse();
    }

    /** Else every account would be taken for the guard's own, listed or not. */
    @Test
    void cannotBeListedWithoutTheOwnOne() {
        assertThatThrownBy(() -> new Accounts(Optional.empty(), Set.of("210987654321"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void areCalledByTheirNamesWhereTheyHaveOne() {
        assertThat(TWO.nameOf("210987654321")).isEqualTo("live");
        assertThat(TWO.describe("210987654321")).isEqualTo("live (210987654321)");
        assertThat(TWO.describe("123456789012")).isEqualTo("123456789012");
    }

    @Test
    void aPlaceIsReadFromAnArn() {
        assertThat(Place.findInArn("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:web"))
                .contains(new Place("aws-cn", "cn-north-1", "123456789012"));
        assertThat(new ServiceRef("aws", "eu-west-1", "123456789012", "shop", "web").place())
                .hasToString("123456789012/eu-west-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "arn:aws:s3:::bucket", "arn:aws:iam::123456789012:role/web"})
    void whatBelongsToNoAccountAndRegionHasNoPlace(String arn) {
        assertThat(Place.findInArn(arn)).isEmpty();
        assertThatThrownBy(() -> Place.ofArn(arn)).isInstanceOf(IllegalArgumentException.class);
    }
}
