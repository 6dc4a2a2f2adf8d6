package dev.postern.app;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.zonerecords.MasterFile;
import dev.postern.zonerecords.ServerFinding;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells how a rotation of keys goes on: a few lines for people, or an object of JSON for each event.
///
/// @param json whether it is JSON
record RotationVoice(PrintWriter out, boolean json) {
    /// A TXT record.
    record Txt(DomainName name, String text) {}

    /// The next keys of a domain wait in a folder, and these are their records.
    void waiting(DomainName domain, Path folder, List<Txt> records) {
        if (json) {
            Map<String, Object> event = event(domain, "waiting");
            event.put("folder", folder.toString());
            event.put("records", records.stream().map(RotationVoice::fields).toList());
            out.println(Output.json(event));
            return;
        }
        out.println(domain + ": the next keys wait in " + folder + ". Publish:");
        records.forEach(record -> out.println("  " + MasterFile.txt(record.name(), record.text())));
    }

    private static Map<String, Object> fields(Txt record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", record.name().text());
        fields.put("type", "TXT");
        fields.put("text", record.text());
        return fields;
    }

    /// The name servers are asked from now on.
    ///
    /// @param longest for how long
    void asking(Duration longest) {
        if (!json) {
            out.println("Asking all name servers for up to " + longest.toMinutes()
                    + " minutes until they have them. It may be ended (Ctrl-C): the keys wait, and the same command goes"
                    + " on.");
        }
    }

    /// A name server says something that it has not said before.
    void heard(DomainName domain, ServerFinding<?> finding) {
        if (json) {
            Map<String, Object> event = event(domain, "server");
            event.putAll(fields(finding));
            out.println(Output.json(event));
            return;
        }
        out.println("  " + sentence(finding));
    }

    /// What a name server said, as one line.
    static String sentence(ServerFinding<?> finding) {
        boolean right = finding.verdict() == ServerFinding.Verdict.RIGHT;
        return finding.place() + ": " + (right ? "it has " + finding.name() : finding.why());
    }

    /// What a name server said, for programs.
    static Map<String, Object> fields(ServerFinding<?> finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("server", finding.server().text());
        finding.address().ifPresent(address -> fields.put("address", address.getHostAddress()));
        fields.put("name", finding.name().text());
        fields.put("right", finding.verdict() == ServerFinding.Verdict.RIGHT);
        fields.put("why", finding.why());
        return fields;
    }

    /// Why the name servers cannot all be asked.
    void trouble(DomainName domain, String why) {
        if (json) {
            Map<String, Object> event = event(domain, "trouble");
            event.put("why", why);
            out.println(Output.json(event));
            return;
        }
        out.println("  " + why);
    }

    /// A domain signs with other keys.
    ///
    /// @param active the names of their records
    /// @param retired those of the keys before them
    /// @param until how long the retired ones have to stay published
    void changed(DomainName domain, List<DomainName> active, List<DomainName> retired, LocalDate until) {
        if (json) {
            Map<String, Object> event = event(domain, "changed");
            event.put("active", active.stream().map(DomainName::text).toList());
            event.put("retired", retired.stream().map(DomainName::text).toList());
            event.put("keep-until", until.toString());
            out.println(Output.json(event));
            return;
        }
        out.println(domain + ": all name servers have the records; mail is signed by these keys from now on.");
        if (!retired.isEmpty()) {
            out.println("  The records of the keys before them have to stay until " + until
                    + ", for mail that is on its way. From then on publish in their place:");
            retired.forEach(name -> out.println("  " + MasterFile.txt(name, revoked())));
        }
    }

    private static String revoked() {
        return DkimKey.revokedRecord();
    }

    /// The running server reads the folder of keys again, or there is none.
    void told(boolean running) {
        if (json) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("event", running ? "reloaded" : "not-running");
            out.println(Output.json(event));
            return;
        }
        out.println(
                running
                        ? "The running server signs by them."
                        : "No server is running here; the next one that starts signs by them.");
    }

    private static Map<String, Object> event(DomainName domain, String name) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", name);
        event.put("domain", domain.text());
        return event;
    }
}
