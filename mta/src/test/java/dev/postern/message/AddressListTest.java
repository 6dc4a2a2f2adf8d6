package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "alice@example.org | alice@example.org",
                "Alice <alice@example.org>, bob@example.org | alice@example.org bob@example.org",
                "\"A, B\" <a@x.example> (one, two), <b@x.example> | a@x.example b@x.example",
                "friends: a@x.example, b@x.example;, c@x.example | a@x.example b@x.example c@x.example",
                "undisclosed-recipients:; | ~~",
                "\"odd one\"@x.example | \"odd one\"@x.example",
                "a @ x . example | a@x.example",
                "<unclosed@x.example | unclosed@x.example",
                "(only a comment | ~~",
                "\"open quote | \"open quote",
                ",,, | ~~"
            })
    void theAddressesOfAField(String value, String addresses) {
        String found = String.join(" ", AddressList.parse(value));

        assertThat(found).isEqualTo(addresses);
    }
}
