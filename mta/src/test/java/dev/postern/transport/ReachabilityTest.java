package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.route.Candidate;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.smtp.Reply;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.Step;
import dev.postern.spool.ManualClock;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachabilityTest {
    private static final int PORT = 25;

    /// Small letters have IPv4 addresses, capitals IPv6.
    private static final Map<Character, String> ADDRESSES = Map.of(
            'a', "192.0.2.1",
            'b', "192.0.2.2",
            'c', "192.0.2.3",
            'd', "192.0.2.4",
            'A', "2001:db8::1",
            'B', "2001:db8::2",
            'C', "2001:db8::3",
            'D', "2001:db8::4");

    private final ManualClock clock = ManualClock.atNoon();
    private final Reachability reachability = new Reachability(clock);

    private static InetAddress address(char name) {
        try {
            return InetAddress.getByName(ADDRESSES.get(name));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Endpoint.Inet endpoint(char name) {
        return new Endpoint.Inet(address(name), PORT);
    }

    private static Opening.Failed failed(Step step, String status, Optional<Reply> reply) {
        return new Opening.Failed(step, EnhancedStatus.of(status), "cannot connect: timed out", reply);
    }

    /// Lets happen what a line says: `a-` cannot be connected to, `a~` hangs before its greeting, `a!` answers, a
    /// number
    /// lets so many seconds pass, and `?` asks for the order of all.
    private void happen(String history) {
        for (String word : history.split(" ", -1)) {
            char name = word.charAt(0);
            if (Character.isDigit(name)) {
                clock.advance(Duration.ofSeconds(Long.parseLong(word)));
                continue;
            }
            switch (word.charAt(word.length() - 1)) {
                case '-' -> reachability.tried(endpoint(name), failed(Step.CONNECT, "4.4.1", Optional.empty()));
                case '~' -> reachability.tried(endpoint(name), failed(Step.GREETING, "4.4.2", Optional.empty()));
                case '!' ->
                    reachability.tried(
                            endpoint(name),
                            failed(
                                    Step.GREETING,
                                    "4.3.2",
                                    Optional.of(new Reply(421, Optional.empty(), List.of("no")))));
                case '?' -> order("AaBb");
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    /// The order of addresses; those behind a dash are of the next preference.
    private String order(String given) {
        List<Candidate> candidates = candidates(given);
        return reachability.order(candidates, PORT).candidates().stream()
                .map(one -> ADDRESSES.entrySet().stream()
                        .filter(entry -> address(entry.getKey()).equals(one.address()))
                        .map(entry -> entry.getKey().toString())
                        .findFirst()
                        .orElseThrow())
                .collect(Collectors.joining());
    }

    private static List<Candidate> candidates(String given) {
        Host host = new Host.Domain(DomainName.of("mx.example"));
        Stream.Builder<Candidate> candidates = Stream.builder();
        int preference = 10;
        for (int i = 0; i < given.length(); i++) {
            char name = given.charAt(i);
            if (name == '-') {
                preference += 10;
            } else {
                candidates.add(new Candidate(host, host, address(name), preference, false, false));
            }
        }
        return candidates.build().toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what happened | given | in which order they are tried
                "0                        | AaBb  | AaBb",
                "A-                       | AaBb  | aBbA",
                "A~                       | AaBb  | aBbA",
                "A!                       | AaBb  | AaBb",
                "A- A!                    | AaBb  | AaBb",
                // the last of all, also behind what is preferred less; among themselves as before
                "a-                       | ab-cd | bcda",
                "a- c-                    | ab-cd | bdac",
                "a- b- c- d-              | ab-cd | abcd",
                "a-                       | a     | a",
                "a-                       | bc    | bc",
                // for five minutes; then one tries, and the others wait for what it finds
                "a- 299                   | ab    | ba",
                "a- 300                   | ab    | ab",
                "a- 300 ?                 | ab    | ba",
                "a- 300 ? 59              | ab    | ba",
                "a- 300 ? 60              | ab    | ab",
                "a- 300 ? a-              | ab    | ba",
                "a- 300 ? 1 a- 299        | ab    | ba",
                "a- 300 ? a!              | ab    | ab",
                "a- 200 a- 200            | ab    | ba",
                // a family, within the same preference
                "A- B-                    | Dd-Cc | Dd-Cc",
                "A- B- C-                 | Dd    | dD",
                "A- B- C-                 | Dda   | daD",
                "A- B- C-                 | D-d   | Dd",
                "A- A- A-                 | Dd    | Dd",
                "A- B! C- A-              | Dd    | Dd",
                "A- B~ C- A-              | Dd    | Dd",
                "A- B- C- B!              | Dd    | Dd",
                "A- B- C- 299             | Dd    | dD",
                "A- B- C- 300             | Dd    | Dd",
                "A- B- C- 300 ?           | Dd    | dD",
                "A- B- 301 C-             | Dd    | Dd",
                "a- b- c-                 | dD    | Dd",
                "a- b- c- A- B- C-        | Dd    | Dd",
                "A- B- C-                 | Aad   | adA",
            })
    void whatCouldNotBeReachedIsTriedLast(String history, String given, String expected) {
        happen(history);
        assertThat(order(given)).isEqualTo(expected.replace("-", ""));
    }

    @Test
    void aFamilyIsPutToTheProofByOne() {
        happen("A- B- C- 300");
        assertThat(order("Dd")).isEqualTo("Dd");
        assertThat(order("Dd")).isEqualTo("dD");
        clock.advance(Reachability.PROOF);
        assertThat(order("Dd")).isEqualTo("Dd");
    }

    @Test
    void theReasonIsTold() {
        happen("A- B- C- 7");
        assertThat(reachability.order(candidates("AD-ad"), PORT).putBack())
                .containsExactly(
                        Map.entry("[2001:db8:0:0:0:0:0:1]:25", "tried last: cannot connect: timed out, 7 s ago"),
                        Map.entry("IPv6", "tried last: 3 addresses in a row could not be connected to, 7 s ago"));
    }

    @Test
    void anotherPortIsAnotherServer() {
        happen("a-");
        assertThat(reachability
                        .order(candidates("ab"), 587)
                        .candidates()
                        .getFirst()
                        .address())
                .isEqualTo(address('a'));
    }

    @Test
    void noMoreIsRememberedThanAllowedAndTheOldestGoesFirst() throws UnknownHostException {
        happen("a-");
        for (int i = 0; i < Reachability.MOST; i++) {
            byte[] octets = {10, 0, (byte) (i >> 8), (byte) i};
            reachability.tried(
                    new Endpoint.Inet(InetAddress.getByAddress(octets), PORT),
                    failed(Step.CONNECT, "4.4.1", Optional.empty()));
        }
        assertThat(reachability.size()).isEqualTo(Reachability.MOST);
        assertThat(order("ab")).isEqualTo("ab");
    }
}
