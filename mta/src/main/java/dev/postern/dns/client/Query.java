package dev.postern.dns.client;

import java.io.IOException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// One question on the wire, and the recognition of its answer.
///
/// @rfc 1035 §4.1
/// @rfc 6891 §6.1
/// @rfc 5452 §9.1
final class Query {
    /// The size of datagrams that pass everywhere without being cut (RFC 9715 §3).
    static final int DATAGRAM_OCTETS = 1232;

    private static final int IDS = 0x10000;
    private static final int QR = 0x80;

    private final int id;
    private final Record question;
    private final byte[] octets;

    /// What is wanted of the server.
    enum Wish {
        /// That it finds the answer for us, wherever it is.
        RECURSION,
        /// The same, and whether DNSSEC vouches for it (RFC 6840 §5.7).
        AUTHENTIC,
        /// That it finds the answer with all signatures and checks none of them: we do (RFC 4035 §3.2.2).
        UNCHECKED,
        /// What it has in its own zones, and no more.
        OWN_ZONES
    }

    /// @param random a source that nobody can foretell, for the identifier
    Query(Inquiry inquiry, RandomGenerator random, Wish wish) {
        this.id = random.nextInt(IDS);
        this.question = Record.newRecord(inquiry.name(), inquiry.type(), DClass.IN);
        Message message = new Message(id);
        Header header = message.getHeader();
        boolean signatures = wish == Wish.AUTHENTIC || wish == Wish.UNCHECKED;
        if (wish != Wish.OWN_ZONES) {
            header.setFlag(Flags.RD);
        }
        switch (wish) {
            case AUTHENTIC -> header.setFlag(Flags.AD);
            case UNCHECKED -> header.setFlag(Flags.CD);
            case RECURSION, OWN_ZONES -> {}
        }
        message.addRecord(this.question, Section.QUESTION);
        message.addRecord(new OPTRecord(DATAGRAM_OCTETS, 0, 0, signatures ? ExtendedFlags.DO : 0), Section.ADDITIONAL);
        this.octets = message.toWire();
    }

    /// The question as it is sent.
    byte[] octets() {
        return octets;
    }

    /// The answer that some octets are; empty if they are the answer to something else, or none.
    ///
    /// @throws BadAnswer if they claim to be the answer, but cannot be read
    Optional<Message> answer(byte[] received) throws BadAnswer {
        if (received.length < Header.LENGTH
                || ((received[0] & 0xFF) << 8 | (received[1] & 0xFF)) != id
                || (received[2] & QR) == 0) {
            return Optional.empty();
        }
        Message message = parse(received);
        Record asked = message.getQuestion();
        boolean ours = asked != null
                && asked.getName().equals(question.getName())
                && asked.getType() == question.getType()
                && asked.getDClass() == question.getDClass();
        return ours ? Optional.of(message) : Optional.empty();
    }

    private static Message parse(byte[] received) throws BadAnswer {
        try {
            return new Message(received);
        } catch (IOException | RuntimeException broken) {
            // what a stranger sends must not end the asking thread, whichever way the parser fails on it
            throw new BadAnswer("it cannot be read", broken);
        }
    }

    /// Where the question's name is compared with names of the answer.
    Name name() {
        return question.getName();
    }
}
