package dev.postern.dns.client;

import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// A name, which may be the root, and the type of its records, as they are put to a server.
///
/// @param type the number on the wire
record Inquiry(Name name, int type) {
    /// The inquiry that a question of ours becomes.
    static Inquiry of(Question question) {
        return new Inquiry(Names.of(question.name()), question.type().code());
    }

    /// The inquiry of a message.
    static Inquiry of(Record question) {
        return new Inquiry(question.getName(), question.getType());
    }

    @Override
    public String toString() {
        return Type.string(type) + " " + name.toString(true);
    }
}
