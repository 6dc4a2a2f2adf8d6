package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.IpText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, PUBLIC",
        "8.8.8.8, PUBLIC",
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "10.0.0.1, PRIVATE",
        "100.63.255.255, PUBLIC",
        "100.64.0.1, PRIVATE",
        "100.127.255.255, PRIVATE",
        "100.128.0.1, PUBLIC",
        "127.0.0.1, LOOPBACK",
        "127.255.0.1, LOOPBACK",
        "169.254.1.1, LINK_LOCAL",
        "169.253.1.1, PUBLIC",
        "172.15.0.1, PUBLIC",
        "172.16.0.1, PRIVATE",
        "172.31.0.1, PRIVATE",
        "172.32.0.1, PUBLIC",
        "192.168.1.1, PRIVATE",
        "192.167.1.1, PUBLIC",
        "223.255.255.255, PUBLIC",
        "224.0.0.1, MULTICAST",
        "239.1.1.1, MULTICAST",
        "240.0.0.1, RESERVED",
        "255.255.255.255, RESERVED",
        "::, UNSPECIFIED",
        "::1, LOOPBACK",
        "::2, UNSPECIFIED",
        "::127.0.0.1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "::ffff:10.1.2.3, PRIVATE",
        "::ffff:192.0.2.1, PUBLIC",
        "64:ff9b::7f00:1, LOOPBACK",
        "64:ff9b::c000:201, PUBLIC",
        "2002:7f00:1::, LOOPBACK",
        "2002:a00:1::5, PRIVATE",
        "2002:c000:201::, PUBLIC",
        "2001:db8::1, PUBLIC",
        "2600::1, PUBLIC",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "fec0::1, PRIVATE",
        "fc00::1, PRIVATE",
        "fdff::1, PRIVATE",
        "fe00::1, PUBLIC",
        "ff02::1, MULTICAST",
    })
    void everyAddressHasItsScope(String address, AddressScope scope) {
        assertThat(AddressScope.of(IpText.ip(address).orElseThrow())).isEqualTo(scope);
    }
}
