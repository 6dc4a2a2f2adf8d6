package dev.postern.dns.client;

import dev.postern.dns.UpdateAnswer;
import java.io.IOException;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

/// Reads the answer to one signed update; used once.
///
/// @rfc 2136 §3.8
/// @rfc 8945 §5.3
final class UpdateReader {
    private final UpdateSettings settings;
    private final TSIG key;
    private final Message sent;

    UpdateReader(UpdateSettings settings, TSIG key, Message sent) {
        this.settings = settings;
        this.key = key;
        this.sent = sent;
    }

    UpdateAnswer read(byte[] octets) {
        Message answer;
        try {
            answer = new Message(octets);
        } catch (IOException | RuntimeException broken) {
            // what a stranger sends must not end the asking thread, whichever way the parser fails on it
            return new UpdateAnswer.Failed("the answer of " + settings.server() + " cannot be read");
        }
        if (answer.getHeader().getID() != sent.getHeader().getID()
                || !answer.getHeader().getFlag(Flags.QR)
                || answer.getHeader().getOpcode() != Opcode.UPDATE) {
            return new UpdateAnswer.Failed("the answer of " + settings.server() + " belongs to another message");
        }
        int code = answer.getHeader().getRcode();
        TSIGRecord signature = answer.getTSIG();
        if (signature == null) {
            // Nobody gains by a forged "no"; a forged "done" would be believed.
            return code == Rcode.NOERROR
                    ? new UpdateAnswer.BadSignature(settings.server() + " says that it is done, but does not sign that")
                    : outcome(code);
        }
        if (signature.getError() != Rcode.NOERROR) {
            return new UpdateAnswer.BadSignature(trouble(signature.getError()));
        }
        int verified = key.verify(answer, octets, sent.getTSIG());
        return verified == Rcode.NOERROR
                ? outcome(code)
                : new UpdateAnswer.BadSignature("the signature of " + settings.server() + "'s answer is wrong ("
                        + Rcode.TSIGstring(verified) + ")");
    }

    /// RFC 8945 §5.2
    private String trouble(int error) {
        return settings.server() + " "
                + switch (error) {
                    case Rcode.BADKEY -> "does not know the key " + settings.key() + ", or does not let it change that";
                    case Rcode.BADSIG ->
                        "has another secret for the key " + settings.key().name();
                    case Rcode.BADTIME -> "has another time than this machine: one of the two clocks is wrong";
                    default -> "does not accept our signature (" + Rcode.TSIGstring(error) + ")";
                };
    }

    /// RFC 2136 §2.2
    private UpdateAnswer outcome(int code) {
        return switch (code) {
            case Rcode.NOERROR -> new UpdateAnswer.Done();
            case Rcode.YXDOMAIN -> new UpdateAnswer.Unmet("a name is in use that should not be");
            case Rcode.YXRRSET -> new UpdateAnswer.Unmet("there are records that should not be there");
            case Rcode.NXRRSET -> new UpdateAnswer.Unmet("there are no such records as there should be");
            case Rcode.NXDOMAIN -> new UpdateAnswer.Unmet("a name is not in use that should be");
            case Rcode.REFUSED ->
                new UpdateAnswer.Refused(
                        "REFUSED",
                        settings.server() + " does not let the key "
                                + settings.key().name() + " change that");
            case Rcode.NOTAUTH ->
                new UpdateAnswer.Refused("NOTAUTH", settings.server() + " is not a server of that zone");
            case Rcode.NOTZONE ->
                new UpdateAnswer.Refused("NOTZONE", "a name is not in that zone of " + settings.server());
            case Rcode.NOTIMP -> new UpdateAnswer.Refused("NOTIMP", settings.server() + " takes no updates");
            default -> new UpdateAnswer.Refused(Rcode.string(code), settings.server() + " could not do it");
        };
    }
}
