package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A running name server of Pebble's package: every name has the address 127.0.0.1, and TXT records are set by
/// HTTP.
public final class ChallengeNames implements AutoCloseable {
    private static final String PEER = "pebble";

    // %PORT% is filled in; bash alone speaks HTTP well enough.
    private static final String HOOK = """
            #!/bin/bash
            case $POSTERN_ACTION in
                add) path=set-txt body="{\\"host\\":\\"$POSTERN_RECORD.\\",\\"value\\":\\"$POSTERN_VALUE\\"}" ;;
                remove) path=clear-txt body="{\\"host\\":\\"$POSTERN_RECORD.\\"}" ;;
            esac
            exec 3<>/dev/tcp/127.0.0.1/%PORT%
            printf 'POST /%s HTTP/1.0\\r\\nContent-Length: %d\\r\\n\\r\\n%s' "$path" "${#body}" "$body" >&3
            read -r answer <&3
            [[ $answer == *200* ]] || { echo "it was told: $answer"; exit 1; }
            """;

    private final int port;
    private final int management;
    private final ServedPeer served;

    private ChallengeNames(int port, int management, ServedPeer served) {
        this.port = port;
        this.management = management;
        this.served = served;
    }

    /// Starts it in this folder; returns when it can be told what to say.
    public static ChallengeNames start(Path path) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int port = Ports.free();
        int management = Ports.free();
        List<String> command = List.of(
                "pebble-challtestsrv",
                "-dns01",
                "127.0.0.1:" + port,
                "-defaultIPv4",
                "127.0.0.1",
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-management",
                "127.0.0.1:" + management);
        return new ChallengeNames(port, management, ServedPeer.start(PEER, folder.path(), command, management));
    }

    /// Its port on 127.0.0.1.
    public int port() {
        return port;
    }

    /// Writes a program into a folder that publishes what its environment says.
    public Path hook(Path folder) throws IOException {
        Path hook = folder.resolve("publish");
        Files.writeString(hook, HOOK.replace("%PORT%", Integer.toString(management)));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        return hook;
    }

    @Override
    public void close() {
        served.close();
    }
}
