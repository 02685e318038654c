package io.deployguard.aws.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    private static boolean permits(Networks networks, String address) {
        return networks.permit(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "52.95.110.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1111"})
    void publicAddressesMayBeAsked(String address) {
        assertThat(permits(Networks.PUBLIC, address)).isTrue();
    }

    /** What a tag could point at to reach credentials, this process or the network around it, in every way of writing it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "169.254.170.2",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "ff02::1"
            })
    void othersMayNot(String address) {
        assertThat(permits(Networks.PUBLIC, address)).isFalse();
    }

    @Test
    void privateNetworksCanBeAllowedByName() {
        var networks = Networks.allowing("10.0.0.0/16, fd12:3456::/32");

        assertThat(permits(networks, "10.0.255.1")).isTrue();
        assertThat(permits(networks, "10.1.0.1")).isFalse();
        assertThat(permits(networks, "fd12:3456::1")).isTrue();
        assertThat(permits(networks, "fd12:3457::1")).isFalse();
        assertThat(permits(networks, "1.1.1.1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254"})
    void whatHandsOutCredentialsCannot(String address) {
        assertThat(permits(Networks.allowing("0.0.0.0/0 ::/0"), address)).isFalse();
    }

    @Test
    void nothingMeansPublicOnly() {
        assertThat(Networks.allowing(" ")).isEqualTo(Networks.PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "::/129", "internal/8", "10.0.0/8/8", "999.0.0.0/8"})
    void aRangeThatIsNoneIsNamed(String range) {
        assertThatThrownBy(() -> Networks.allowing("10.0.0.0/8 " + range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network: expected an address range such as 10.0.0.0/16, got \"" + range + "\"");
    }
}
