package io.deployguard.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcrImageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web:1.4.2",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web@sha256:0a",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web:1.4.2@sha256:0a",
                "123456789012.dkr.ecr-fips.eu-central-1.amazonaws.com/shop/web:1",
                "123456789012.dkr-ecr.eu-central-1.on.aws/shop/web:1"
            })
    void isFoundByItsAddress(String image) {
        assertThat(EcrImage.find(image)).contains(new EcrImage("123456789012", "eu-central-1", "shop/web"));
    }

    @Test
    void isFoundInChina() {
        assertThat(EcrImage.find("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1"))
                .contains(new EcrImage("123456789012", "cn-north-1", "web"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nginx",
                "shop/web:1",
                "public.ecr.aws/nginx/nginx:1",
                "ghcr.io/shop/web@sha256:0a",
                "12345678901.dkr.ecr.eu-central-1.amazonaws.com/web:1",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example/web:1",
                "evil.example/123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1"
            })
    void isNoneOfAnotherRegistry(String image) {
        assertThat(EcrImage.find(image)).isEmpty();
    }
}
