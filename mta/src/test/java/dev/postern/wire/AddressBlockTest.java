package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, 192.0.2.0/24, 192.0.0.0/16",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64, 2001:db8:1:0:0:0:0:0/56, 2001:db8:1:0:0:0:0:0/48",
        "::ffff:192.0.2.7, 192.0.2.7, 192.0.2.0/24, 192.0.0.0/16",
        "255.255.255.255, 255.255.255.255, 255.255.255.0/24, 255.255.0.0/16",
    })
    void addressLiesInItsHostSiteAndRegion(String text, String host, String site, String region) {
        InetAddress address = InetAddress.ofLiteral(text);

        assertThat(AddressBlock.host(address)).hasToString(host);
        assertThat(AddressBlock.site(address)).hasToString(site);
        assertThat(AddressBlock.region(address)).hasToString(region);
        assertThat(AddressBlock.site(address).contains(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "192.0.2.7/32, 192.0.2.7",
        "192.0.2.0/24, 192.0.2.0/24",
        "128.0.0.0/1, 128.0.0.0/1",
        "2001:db8::1, 2001:db8:0:0:0:0:0:0/64",
        "2001:db8::/64, 2001:db8:0:0:0:0:0:0/64",
        "2001:db8:0:ab00::/56, 2001:db8:0:ab00:0:0:0:0/56",
    })
    void textIsReadAndWrittenAgain(String text, String written) {
        AddressBlock block = AddressBlock.parse(text).orElseThrow();

        assertThat(block).hasToString(written);
        assertThat(AddressBlock.parse(written)).contains(block);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10.1",
                "192.0.2.256",
                "192.0.2.7/24",
                "192.0.2.0/0",
                "192.0.2.0/33",
                "192.0.2.0/024",
                "192.0.2.0/-1",
                "192.0.2.0/",
                "/24",
                "2001:db8::1/128",
                "2001:db8::1/64",
                "2001:db8::/65",
                "[2001:db8::1]",
                "fe80::1%1",
                "fe80::1%lo",
                "localhost",
                "192.0.2.0/2 4",
                ":",
                "1:2:3",
                "192.0.2.0/99999999999"
            })
    void whatIsNoBlockIsNotRead(String text) {
        assertThat(AddressBlock.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.0/24, 2001:db8::1, false",
        "2001:db8::/56, 2001:db8:0:ff::1, true",
        "2001:db8::/56, 2001:db8:0:100::1, false",
        "2001:db8::/56, 192.0.2.1, false",
        "128.0.0.0/1, 255.0.0.1, true",
        "128.0.0.0/1, 127.0.0.1, false",
    })
    void addressLiesInABlockOrOutside(String block, String address, boolean inside) {
        assertThat(AddressBlock.parse(block).orElseThrow().contains(InetAddress.ofLiteral(address)))
                .isEqualTo(inside);
    }

    @Test
    void blockThatCannotBeIsNotMade() {
        assertThatThrownBy(() -> new AddressBlock(false, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AddressBlock(false, 33, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AddressBlock(true, 65, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AddressBlock(false, 8, 1L << 32)).isInstanceOf(IllegalArgumentException.class);
    }
}
