package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.event.IoFault;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.mailauth.keys.RetiredKey;
import dev.postern.zonerecords.MasterFile;
import dev.postern.zonerecords.Publication;
import dev.postern.zonerecords.ServerFinding;
import dev.postern.zonerecords.Survey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `postern dkim list`: the keys there are, and whether the name servers have what they should.
@Command(
        name = "list",
        description = {
            "Lists the keys of our domains: which sign, which wait, which are retired, and whether the name servers of"
                    + " each have the right record.",
            "Exit code 1: a record is missing or wrong that those who check signatures need."
        },
        mixinStandardHelpOptions = true)
final class DkimListCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option = new ConfigOption();

    @Mixin
    private AuthoritiesOption authorities = new AuthoritiesOption();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    private final InstantSource clock = Clock.systemUTC();
    private final List<String> unreadable = new ArrayList<>();

    /// What a key is for now.
    private enum State {
        ACTIVE("signs"),
        WAITING("waits"),
        KEPT("retired"),
        REVOCABLE("retired");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /// A key and what DNS should say of it.
    ///
    /// @param retired the day, and until when its record has to stay
    private record Row(KeyFile file, DkimKey key, State state, Optional<Retired> retired) {
        Optional<String> fault(List<String> records) {
            if (records.size() != 1) {
                return Optional.of(records.size() + " records are there, where one should be");
            }
            return state == State.REVOCABLE
                    ? Optional.of("the key can still be found there")
                            .filter(_ -> !DkimKey.isRevoked(records.getFirst()))
                    : key.faultOf(records.getFirst());
        }
    }

    private record Retired(LocalDate since, LocalDate until) {}

    @Override
    public Integer call() throws Exception {
        Config config = option.read();
        KeyFolder folder = new KeyFolder(config.signing().folder());
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Map<DomainName, List<Row>> rows = rows(folder, Retirement.of(config));
        if (rows.isEmpty() && unreadable.isEmpty()) {
            throw new Failure("there are no keys in " + folder.path() + "; 'postern dkim rotate DOMAIN' makes some");
        }
        boolean good = true;
        try (AuthoritiesOption.Opened opened = authorities.open(config)) {
            for (Map.Entry<DomainName, List<Row>> domain : rows.entrySet()) {
                if (!json) {
                    out.println(domain.getKey());
                }
                for (Row row : domain.getValue()) {
                    Survey<String> survey = survey(opened.publication(), row);
                    out.println(json ? Output.json(fields(row, survey)) : text(row, survey));
                    good &= survey.complete() || row.state() == State.WAITING || row.state() == State.REVOCABLE;
                }
            }
        }
        if (!unreadable.isEmpty()) {
            throw new Failure(String.join("; ", unreadable));
        }
        return good ? 0 : Failure.FAILED;
    }

    private static Survey<String> survey(Publication publication, Row row) {
        return publication.survey(
                row.file().record(), RecordType.TXT, row.file().domain(), row::fault);
    }

    private Map<DomainName, List<Row>> rows(KeyFolder folder, Retirement retirement) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (KeyFile file : folder.active()) {
            rows.add(row(file, State.ACTIVE, Optional.empty()));
        }
        for (DomainName domain : folder.waiting()) {
            for (KeyFile file : folder.waiting(domain)) {
                rows.add(row(file, State.WAITING, Optional.empty()));
            }
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (RetiredKey key : folder.retired()) {
            Retired retired = new Retired(key.since(), retirement.until(key.since()));
            State state = today.isAfter(retired.until()) ? State.REVOCABLE : State.KEPT;
            try {
                rows.add(row(key.file(), state, Optional.of(retired)));
            } catch (IOException unusable) {
                unreadable.add(IoFault.sentence(unusable)); // it signs nothing any more, so the others can be listed
            }
        }
        Map<DomainName, List<Row>> byDomain = new TreeMap<>();
        rows.forEach(row -> byDomain.computeIfAbsent(row.file().domain(), _ -> new ArrayList<>())
                .add(row));
        return byDomain;
    }

    private static Row row(KeyFile file, State state, Optional<Retired> retired) throws IOException {
        return new Row(file, file.read(Optional.empty()), state, retired);
    }

    private String text(Row row, Survey<String> survey) throws IOException {
        StringBuilder text = new StringBuilder("  ")
                .append(row.file().selector())
                .append("  ")
                .append(row.key().algorithm().tag())
                .append("  ")
                .append(row.state().word);
        row.retired().ifPresent(retired -> text.append(" on ").append(retired.since()));
        text.append(", made ").append(day(row.file().made())).append(", ").append(published(row, survey));
        if (row.state() != State.REVOCABLE) {
            problems(survey).forEach(problem -> text.append("\n    ").append(problem));
        }
        return text.toString();
    }

    private static String published(Row row, Survey<String> survey) {
        boolean complete = survey.complete();
        return switch (row.state()) {
            case ACTIVE -> complete ? "published" : "NOT PUBLISHED RIGHTLY";
            case WAITING -> complete ? "published: 'postern dkim rotate' lets it sign" : "not yet published";
            case KEPT ->
                (complete ? "its record has to stay until " : "ITS RECORD IS GONE, it has to stay until ")
                        + row.retired().map(Retired::until).orElseThrow();
            case REVOCABLE ->
                complete || isGone(survey)
                        ? "its record is gone: the file may be deleted"
                        : "publish in its place:\n    "
                                + MasterFile.txt(row.file().record(), DkimKey.revokedRecord());
        };
    }

    private static boolean isGone(Survey<String> survey) {
        return survey.trouble().isEmpty()
                && survey.findings().stream().noneMatch(one -> one.verdict() == ServerFinding.Verdict.SILENT)
                && survey.findings().stream().allMatch(one -> one.why().contains("does not exist"));
    }

    private static List<String> problems(Survey<String> survey) {
        List<String> problems = new ArrayList<>();
        if (!survey.complete()) {
            survey.trouble().ifPresent(problems::add);
            survey.findings().stream()
                    .filter(finding -> finding.verdict() != ServerFinding.Verdict.RIGHT)
                    .map(RotationVoice::sentence)
                    .forEach(problems::add);
        }
        return problems;
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Map<String, Object> fields(Row row, Survey<String> survey) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("domain", row.file().domain().text());
        fields.put("selector", row.file().selector().text());
        fields.put("algorithm", row.key().algorithm().tag());
        fields.put(
                "state",
                switch (row.state()) {
                    case ACTIVE -> "active";
                    case WAITING -> "waiting";
                    case KEPT, REVOCABLE -> "retired";
                });
        fields.put("file", row.file().path().toString());
        fields.put("made", row.file().made().toString());
        row.retired().ifPresent(retired -> {
            fields.put("retired", retired.since().toString());
            fields.put("keep-until", retired.until().toString());
        });
        fields.put(row.state() == State.REVOCABLE ? "revoked" : "published", survey.complete());
        survey.trouble().ifPresent(why -> fields.put("trouble", why));
        fields.put(
                "servers", survey.findings().stream().map(RotationVoice::fields).toList());
        return fields;
    }
}
