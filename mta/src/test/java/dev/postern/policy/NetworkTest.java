package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0, true",
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.0/24, 192.0.1.255, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.0/23, 192.0.3.255, true",
        "0.0.0.0/1, 127.255.255.255, true",
        "0.0.0.0/1, 128.0.0.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 203.0.113.9, false",
        "::/0, 2001:db8::1, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8::/61, 2001:db8:0:7::1, true",
        "2001:db8::/61, 2001:db8:0:8::1, false",
        "::1, ::1, true",
        "::1, 127.0.0.1, false",
        "::ffff:192.0.2.0/120, 192.0.2.9, true",
        "::ffff:192.0.2.0/120, 192.0.3.9, false",
        "::ffff:192.0.2.7, 192.0.2.7, true",
        "192.0.2.0/24, ::ffff:192.0.2.9, true",
        "fe80::/10, fe80::1%1, true",
    })
    void addressLiesInOrOutside(String network, String address, boolean inside) {
        assertThat(Network.of(network).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
    }

    @Test
    void mappedAddressFromTheSystemIsTheIpv4Address() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        mapped[12] = (byte) 192;
        mapped[14] = 2;
        mapped[15] = 7;
        assertThat(Network.of("192.0.2.0/24").contains(InetAddress.getByAddress(mapped)))
                .isTrue();
    }

    @Test
    void everyPrefixOfAnAddressContainsItAndNotItsNeighbour() throws UnknownHostException {
        byte[] address =
                InetAddress.ofLiteral("2001:db8:1234:5678:9abc:def0:1357:9bdf").getAddress();
        for (int bits = 1; bits <= 128; bits++) {
            byte[] first = address.clone();
            for (int bit = bits; bit < 128; bit++) {
                first[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            byte[] neighbour = address.clone();
            neighbour[(bits - 1) / 8] ^= (byte) (0x80 >> (bits - 1) % 8);
            Network network = new Network(InetAddress.getByAddress(first), bits);
            assertThat(network.contains(InetAddress.getByAddress(address))).isTrue();
            assertThat(network.contains(InetAddress.getByAddress(neighbour))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/+8",
                "192.0.2.0/24/24",
                "192.0.2.1/24",
                "10",
                "10/8",
                "10.0/8",
                "192.0.2",
                "192.0.2.0/24 ",
                " 192.0.2.0/24",
                "192.0.2.256",
                "2001:db8::/129",
                "2001:db8::1/64",
                "::ffff:192.0.2.0/24",
                "localhost",
                "example.org/24",
                "192.0.2.0/0x18",
                "192.0.2.0/255.255.255.0",
                "*",
                "[::1]/128",
                "192.0.2.0/99999999999"
            })
    void whatIsNoNetworkIsNotRead(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void theSentenceSaysWhatIsWrong() {
        assertThatThrownBy(() -> Network.of("192.0.2.1/24"))
                .hasMessage("192.0.2.1 is not the first address of a /24 network");
        assertThatThrownBy(() -> Network.of("localhost")).hasMessage("'localhost' is no IP address");
    }

    @Test
    void emptyListContainsNobody() {
        for (String address : Arrays.asList("127.0.0.1", "::1", "192.0.2.7", "2001:db8::1")) {
            assertThat(NetworkSet.none().contains(InetAddress.ofLiteral(address)))
                    .isFalse();
        }
    }

    @Test
    void listTellsWhichOfItsNetworksItWas() {
        NetworkSet set = NetworkSet.of("192.0.2.0/24", "2001:db8::/32");
        assertThat(set.find(InetAddress.ofLiteral("2001:db8::1"))).hasValue(Network.of("2001:db8::/32"));
        assertThat(set.find(InetAddress.ofLiteral("203.0.113.1"))).isEmpty();
    }
}
