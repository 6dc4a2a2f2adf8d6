package dev.postern.wire;

import java.io.IOException;
import java.net.BindException;
import java.util.Locale;

/// A listener cannot have the address it was told to have; the message is a sentence for the operator.
public final class ListenFailed extends IOException {
    private static final long serialVersionUID = 1L;

    private ListenFailed(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /// What the operator should know of a failure to listen.
    public static ListenFailed of(String role, Endpoint address, IOException cause) {
        return new ListenFailed(
                "The listener '" + role + "' cannot listen on " + address + ": " + reason(cause), cause);
    }

    private static String reason(IOException cause) {
        String system = String.valueOf(cause.getMessage());
        String lower = system.toLowerCase(Locale.ROOT);
        if (cause instanceof BindException && lower.contains("in use")) {
            return "another program has this address and port. Stop it (ss -ltnp shows which one it is), or choose another.";
        }
        if (lower.contains("permission denied")) {
            return "this user may not. Ports below 1024 need root or the capability CAP_NET_BIND_SERVICE;"
                    + " a Unix socket needs write permission on its directory.";
        }
        if (lower.contains("cannot assign") || lower.contains("not available")) {
            return "this machine does not have that address.";
        }
        return system + ".";
    }
}
