package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.policy.NetworkSet;
import dev.postern.policy.SessionFacts;
import dev.postern.smtp.ClientAttribute;
import dev.postern.smtp.ClientAttributes;
import dev.postern.smtp.Extension;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a listed server says of the clients that it speaks for: XCLIENT, which changes who the client is, and XFORWARD,
/// which is noted for the log. Used by one thread.
///
/// Whether a server is listed is decided once, by the address that its connection came from: nobody becomes listed by
/// being spoken for, and who is listed may correct itself.
///
/// @spec https://www.postfix.org/XCLIENT_README.html XCLIENT
/// @spec https://www.postfix.org/XFORWARD_README.html XFORWARD
final class ClientClaims {
    /// Where a client is whose address is not told: no network has it, and no domain sends from it.
    private static final InetAddress NOWHERE = InetAddress.ofLiteral("0.0.0.0");

    private final Intermediaries intermediaries;
    private final boolean mayReplace;
    private final boolean mayForward;
    private ClientAttributes replaced = ClientAttributes.none();
    private ClientAttributes forwarded = ClientAttributes.none();

    /// @param peer where the connection came from
    ClientClaims(Intermediaries intermediaries, Endpoint peer) {
        this.intermediaries = intermediaries;
        this.mayReplace = isIn(intermediaries.xclient(), peer);
        this.mayForward = isIn(intermediaries.xforward(), peer);
    }

    private static boolean isIn(NetworkSet networks, Endpoint peer) {
        return peer instanceof Endpoint.Inet(InetAddress address, int _) && networks.contains(address);
    }

    /// Whether XCLIENT is taken here.
    boolean mayReplace() {
        return mayReplace;
    }

    /// Whether XFORWARD is taken here.
    boolean mayForward() {
        return mayForward;
    }

    /// The extensions that this server alone is offered.
    Set<Extension> granted() {
        EnumSet<Extension> granted = EnumSet.noneOf(Extension.class);
        if (mayReplace) {
            granted.add(Extension.XCLIENT);
        }
        if (mayForward) {
            granted.add(Extension.XFORWARD);
        }
        return granted;
    }

    /// XCLIENT: the session as if that client had just connected. Where no address was ever told it has none, and
    /// least of all the server's own; nobody stays logged in.
    SessionFacts replace(SessionFacts facts, ClientAttributes told) {
        replaced = told.over(replaced);
        Endpoint client = new Endpoint.Inet(
                replaced.address(ClientAttribute.ADDR).orElse(NOWHERE), replaced.port(ClientAttribute.PORT));
        Endpoint local = replaced.address(ClientAttribute.DESTADDR)
                .<Endpoint>map(address -> new Endpoint.Inet(address, replaced.port(ClientAttribute.DESTPORT)))
                .orElse(facts.local());
        Optional<String> user = replaced.value(ClientAttribute.LOGIN).flatMap(intermediaries.users()::user);
        return facts.spokenFor(local, client, user);
    }

    /// How the client has introduced itself, which need not be how the server that speaks for it does.
    SessionFacts.Greeting greeting(SessionFacts.Greeting given) {
        String name = replaced.value(ClientAttribute.HELO).orElse(given.name());
        boolean extended = replaced.value(ClientAttribute.PROTO)
                .map(protocol -> protocol.equalsIgnoreCase("ESMTP"))
                .orElse(given.extended());
        return new SessionFacts.Greeting(name, extended);
    }

    /// XFORWARD: where the next message comes from.
    void forward(ClientAttributes told) {
        forwarded = told.over(forwarded);
    }

    /// What is noted with the message that begins now.
    List<Decision> noted(Instant now) {
        return forwarded.isEmpty()
                ? List.of()
                : List.of(new Decision(
                        now,
                        "mail",
                        "xforward",
                        "note",
                        "another server told where it has it from",
                        forwarded.words()));
    }

    /// What was said of a message goes with it.
    void messageEnds() {
        forwarded = ClientAttributes.none();
    }

    /// What is noted with all messages of a client.
    static Decision noted(Instant now, ClientAttributes told) {
        return new Decision(now, "connect", "xclient", "note", "another server speaks for the client", told.words());
    }

    /// Attributes for the log.
    static String words(ClientAttributes told) {
        return told.words().entrySet().stream()
                .map(word -> word.getKey() + "=" + word.getValue())
                .collect(Collectors.joining(" "));
    }
}
