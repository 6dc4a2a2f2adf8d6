package dev.postern.mailauth.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DmarcVerifierTest {
    private static final String ZONE = """
            $TTL 5m
            ; RFC 9989 appendix B
            _dmarc.example.com.                TXT "v=DMARC1; p=reject; aspf=r; " "rua=mailto:dmarc-feedback@example.com"
            _dmarc.signing.example.com.        TXT "v=DMARC1; p=none"
            _dmarc.test.example.com.           TXT "v=DMARC1; p=quarantine; t=y"
            child.example.com.                 A 192.0.2.1
            _dmarc.bank.example.               TXT "v=DMARC1; p=quarantine; np=reject; psd=y"
            _dmarc.giant.bank.example.         TXT "v=DMARC1; p=reject"
            mega.bank.example.                 A 192.0.2.2
            ; strictness
            _dmarc.strict.test.                TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
            _dmarc.dkim.test.                  TXT "v=DMARC1; p=reject; adkim=s"
            _dmarc.spf.test.                   TXT "v=DMARC1; p=reject; aspf=s"
            ; policies for names below
            _dmarc.below.test.                 TXT "v=DMARC1; p=reject; sp=quarantine; np=none"
            here.below.test.                   MX 0 .
            deep.ent.below.test.               A 192.0.2.3
            alias.below.test.                  CNAME nowhere.test.
            _dmarc.same.test.                  TXT "v=DMARC1; p=quarantine; np=quarantine"
            _dmarc.tested.test.                TXT "v=DMARC1; p=reject; sp=quarantine; np=none; t=y"
            x.tested.test.                     A 192.0.2.4
            ; organizations
            _dmarc.corp.test.                  TXT "v=DMARC1; p=reject"
            _dmarc.dept.corp.test.             TXT "v=DMARC1; p=quarantine; psd=n"
            _dmarc.team.dept.corp.test.        TXT "v=DMARC1; p=none"
            _dmarc.psd.test.                   TXT "v=DMARC1; p=reject; psd=y"
            ; wrong records
            _dmarc.twice.corp.test.            TXT "v=DMARC1; p=none"
                                               TXT "v=DMARC1; p=none"
            _dmarc.mixed.test.                 TXT "v=spf1 -all"
                                               TXT "v=DMARC1; p=reject"
            _dmarc.foreign.corp.test.          TXT "v=spf1 -all"
            _dmarc.wrong.test.                 TXT "v=DMARC1; p=rejekt"
            _dmarc.wrongish.test.              TXT "v=DMARC1; p=rejekt; rua=mailto:a@x.example"
            _dmarc.wrong.corp.test.            TXT "v=DMARC1; p=rejekt"
            ; aliases
            _dmarc.hosted.test.                CNAME policies.corp.test.
            policies.corp.test.                TXT "v=DMARC1; p=quarantine"
            ; failures
            _dmarc.broken.test.                SERVFAIL
            _dmarc.mute.corp.test.             TIMEOUT
            _dmarc.half.test.                  TXT "v=DMARC1; p=none; np=reject"
            a.half.test.                       SERVFAIL
            _dmarc.sure.broken.test.           TXT "v=DMARC1; p=reject"
            """;

    private final Counting resolver = new Counting(ZoneResolver.of(ZONE));
    private final DmarcVerifier verifier = new DmarcVerifier(resolver);

    /// AUTHORS | PASSED | outcome | policy | policy's domain. A passed domain is `s:` or `d:` and
    /// the name; with `?` before, it was not decided.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # RFC 9989 appendix B.1.1: SPF strict, relaxed, none
            example.com | s:example.com | pass | none | example.com
            example.com | s:child.example.com | pass | none | example.com
            child.example.com | s:example.net | fail | reject | example.com
            # appendix B.1.2: DKIM strict, relaxed, none
            example.com | d:example.com | pass | none | example.com
            child.example.com | d:example.com | pass | none | example.com
            child.example.com | d:example.net | fail | reject | example.com
            # appendix B.2.5, B.3.1
            test.example.com | | fail | none | test.example.com
            example.com | s:mail.example.com d:example.com | pass | none | example.com
            # appendix B.4.1, B.4.2, B.4.3
            example.com | d:signing.example.com | pass | none | example.com
            a.b.c.d.e.f.g.h.i.j.k.example.com | d:signing.example.com | pass | none | example.com
            a.b.c.d.e.f.g.h.i.j.k.example.com | s:example.com | pass | none | example.com
            a.b.c.d.e.f.g.h.i.j.k.example.com | | fail | reject | example.com
            giant.bank.example | s:mail.giant.bank.example | pass | none | giant.bank.example
            giant.bank.example | d:mail.mega.bank.example | fail | reject | giant.bank.example
            giant.bank.example | d:bank.example | fail | reject | giant.bank.example
            mega.bank.example | | fail | quarantine | bank.example
            mini.bank.example | | fail | reject | bank.example
            bank.example | | fail | quarantine | bank.example
            bank.example | s:mega.bank.example | fail | quarantine | bank.example
            mega.bank.example | d:x.mega.bank.example | pass | none | bank.example
            # table 1
            news.example.com | d:foo.example.com | pass | none | example.com
            news.example.com | d:news.example.com | pass | none | example.com
            news.example.com | d:foo.example.net | fail | reject | example.com
            # strictness, by mechanism
            strict.test | s:x.strict.test d:x.strict.test | fail | reject | strict.test
            strict.test | d:strict.test | pass | none | strict.test
            x.strict.test | d:strict.test | fail | reject | strict.test
            x.strict.test | d:x.strict.test | pass | none | strict.test
            dkim.test | d:x.dkim.test | fail | reject | dkim.test
            dkim.test | s:x.dkim.test | pass | none | dkim.test
            spf.test | s:x.spf.test | fail | reject | spf.test
            spf.test | d:x.spf.test | pass | none | spf.test
            # names that only look alike
            corp.test | d:evilcorp.test d:corp.test.evil.test d:test s:corp | fail | reject | corp.test
            # sp and np
            below.test | | fail | reject | below.test
            here.below.test | | fail | quarantine | below.test
            ent.below.test | | fail | quarantine | below.test
            alias.below.test | | fail | quarantine | below.test
            gone.below.test | | fail | none | below.test
            gone.same.test | | fail | quarantine | same.test
            tested.test | | fail | quarantine | tested.test
            x.tested.test | | fail | none | tested.test
            gone.tested.test | | fail | none | tested.test
            # organizations within an organization
            dept.corp.test | d:corp.test | fail | quarantine | dept.corp.test
            corp.test | d:dept.corp.test | fail | reject | corp.test
            team.dept.corp.test | d:dept.corp.test | pass | none | team.dept.corp.test
            x.team.dept.corp.test | d:y.dept.corp.test | pass | none | dept.corp.test
            x.team.dept.corp.test | | fail | quarantine | dept.corp.test
            x.corp.test | d:y.corp.test | pass | none | corp.test
            # below a public suffix
            a.psd.test | d:b.psd.test | fail | reject | psd.test
            a.psd.test | d:x.a.psd.test | pass | none | psd.test
            y.a.psd.test | d:x.a.psd.test | pass | none | psd.test
            psd.test | d:psd.test | pass | none | psd.test
            psd.test | d:a.psd.test | fail | reject | psd.test
            # no record, wrong records
            nothing.invalid | d:nothing.invalid | none | none |
            x.nothing.invalid | d:nothing.invalid | none | none |
            twice.corp.test | | fail | reject | corp.test
            foreign.corp.test | | fail | reject | corp.test
            mixed.test | | fail | reject | mixed.test
            wrong.test | d:wrong.test | permerror | none | wrong.test
            wrongish.test | | fail | none | wrongish.test
            wrong.corp.test | | permerror | none | wrong.corp.test
            hosted.test | | fail | quarantine | hosted.test
            # DNS fails
            broken.test | d:broken.test | temperror | none |
            x.broken.test | d:x.broken.test | temperror | none |
            mute.corp.test | d:mute.corp.test | temperror | none |
            x.corp.test | d:mute.corp.test | temperror | none | corp.test
            x.corp.test | d:mute.corp.test d:corp.test | pass | none | corp.test
            sure.broken.test | d:sure.broken.test | pass | none | sure.broken.test
            sure.broken.test | d:x.broken.test | temperror | none | sure.broken.test
            sure.broken.test | d:other.invalid | fail | reject | sure.broken.test
            a.half.test | | temperror | none | half.test
            a.half.test | d:half.test | pass | none | half.test
            b.half.test | | fail | reject | half.test
            # not decided by SPF or DKIM
            corp.test | ?d:corp.test | temperror | none | corp.test
            corp.test | ?s:x.corp.test | temperror | none | corp.test
            corp.test | ?d:x.test ?s:evil.example | fail | reject | corp.test
            corp.test | ?d:corp.test s:corp.test | pass | none | corp.test
            strict.test | ?d:x.strict.test | fail | reject | strict.test
            nothing.invalid | ?d:nothing.invalid | none | none |
            # several authors: the gravest
            corp.test,bank.example | d:corp.test | fail | quarantine | bank.example
            bank.example,corp.test | d:evil.example | fail | reject | corp.test
            corp.test,x.corp.test | d:corp.test | pass | none | corp.test
            corp.test,nothing.invalid | d:corp.test d:nothing.invalid | none | none |
            corp.test,broken.test | d:corp.test | temperror | none |
            corp.test,broken.test | d:evil.example | fail | reject | corp.test
            wrongish.test,broken.test | | temperror | none |
            wrong.test,wrongish.test | | fail | none | wrongish.test
            a.test,b.test,c.test,d.test,corp.test | d:corp.test | permerror | none |
            corp.test,a.test,b.test,c.test,d.test | | fail | reject | corp.test
            """)
    void casesComeOutAsTheyShould(String authors, String passed, String outcome, String policy, String domain) {
        DmarcResult result = verifier.check(author(authors), authentications(passed));
        assertThat(result.outcome()).hasToString(outcome);
        assertThat(result.policy()).hasToString(policy);
        assertThat(result.why()).isNotBlank();
        assertThat(result.deciding()
                        .flatMap(DmarcEvaluation::published)
                        .map(published -> published.domain().text()))
                .isEqualTo(java.util.Optional.ofNullable(domain));
    }

    private static Author author(String domains) {
        return new Author.Named(Arrays.stream(domains.split(","))
                .map(domain -> new AuthorMailbox("a", DomainName.of(domain)))
                .toList());
    }

    private static Authentications authentications(@org.jspecify.annotations.Nullable String domains) {
        List<String> all = domains == null ? List.of() : List.of(domains.split(" "));
        return new Authentications(
                all.stream()
                        .filter(d -> !d.startsWith("?"))
                        .map(DmarcVerifierTest::domain)
                        .toList(),
                all.stream()
                        .filter(d -> d.startsWith("?"))
                        .map(d -> domain(d.substring(1)))
                        .toList());
    }

    private static AuthenticatedDomain domain(String text) {
        return new AuthenticatedDomain(
                DomainName.of(text.substring(2)),
                text.startsWith("s:") ? AuthenticatedDomain.Mechanism.SPF : AuthenticatedDomain.Mechanism.DKIM);
    }

    @Test
    void theWalkAsksForTheNamesOfTheStandard() {
        verifier.check(author("a.b.c.d.e.f.g.h.i.j.mail.example.net"), Authentications.NONE);
        assertThat(resolver.questions)
                .containsExactly(
                        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.net TXT",
                        "_dmarc.g.h.i.j.mail.example.net TXT",
                        "_dmarc.h.i.j.mail.example.net TXT",
                        "_dmarc.i.j.mail.example.net TXT",
                        "_dmarc.j.mail.example.net TXT",
                        "_dmarc.mail.example.net TXT",
                        "_dmarc.example.net TXT",
                        "_dmarc.net TXT");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1", "2, 2", "7, 7", "8, 8", "9, 8", "126, 8",
    })
    void aWalkHasAtMostEightSteps(int labels, int steps) {
        DomainName start = DomainName.of(String.join(".", Collections.nCopies(labels, "x")));
        List<DomainName> names = TreeWalk.names(start);
        assertThat(names)
                .hasSize(steps)
                .doesNotHaveDuplicates()
                .startsWith(start)
                .endsWith(DomainName.of("x"));
    }

    @Test
    void theWalkEndsWhereTheRecordSaysSo() {
        verifier.check(author("x.team.dept.corp.test"), Authentications.NONE);
        assertThat(resolver.questions)
                .containsExactly(
                        "_dmarc.x.team.dept.corp.test TXT",
                        "_dmarc.team.dept.corp.test TXT",
                        "_dmarc.dept.corp.test TXT");
    }

    @Test
    void theSameDomainNeedsOneQuestion() {
        assertThat(verifier.check(author("corp.test"), authentications("d:corp.test s:corp.test"))
                        .outcome())
                .isEqualTo(DmarcOutcome.PASS);
        assertThat(resolver.questions).containsExactly("_dmarc.corp.test TXT");
    }

    @Test
    void strangersAreNotWalked() {
        String strangers = IntStream.range(0, 1000)
                .mapToObj(i -> "d:a.b.c.d" + i + ".test")
                .collect(Collectors.joining(" "));
        assertThat(verifier.check(author("corp.test"), authentications(strangers))
                        .outcome())
                .isEqualTo(DmarcOutcome.FAIL);
        assertThat(resolver.questions).containsExactly("_dmarc.corp.test TXT", "_dmarc.test TXT");
    }

    @Test
    void aPassSaysAllThatIsAligned() {
        DmarcResult result = verifier.check(
                author("x.corp.test"), authentications("d:y.corp.test d:evil.test s:x.corp.test d:y.corp.test"));
        DmarcEvaluation evaluation = result.deciding().orElseThrow();
        assertThat(evaluation.aligned()).containsExactly(domain("d:y.corp.test"), domain("s:x.corp.test"));
        assertThat(evaluation.isAligned(AuthenticatedDomain.Mechanism.SPF)).isTrue();
        assertThat(evaluation.isAligned(AuthenticatedDomain.Mechanism.DKIM)).isTrue();
        assertThat(evaluation.published().orElseThrow().source()).isEqualTo(PublishedPolicy.Source.ORGANIZATION);
        assertThat(result.evidence())
                .extracting(Object::toString)
                .contains("_dmarc.corp.test TXT: \"v=DMARC1; p=reject\" (ttl 300)");
    }

    @Test
    void aFailureSaysWhyAndWhatIsAsked() {
        DmarcEvaluation evaluation = verifier.check(author("tested.test"), Authentications.NONE)
                .deciding()
                .orElseThrow();
        assertThat(evaluation.why())
                .isEqualTo("nothing is aligned with tested.test; tested.test says p=reject and t=y");
        assertThat(evaluation.asked()).isEqualTo(DmarcPolicy.REJECT);
        assertThat(evaluation.policy()).isEqualTo(DmarcPolicy.QUARANTINE);
        assertThat(evaluation.isTest()).isTrue();
        assertThat(evaluation.isAligned(AuthenticatedDomain.Mechanism.DKIM)).isFalse();
        assertThat(verifier.check(author("gone.below.test"), Authentications.NONE)
                        .why())
                .isEqualTo("nothing is aligned with gone.below.test; below.test says np=none");
        assertThat(verifier.check(author("here.below.test"), Authentications.NONE)
                        .why())
                .isEqualTo("nothing is aligned with here.below.test; below.test says sp=quarantine");
        assertThat(verifier.check(author("giant.bank.example"), Authentications.NONE)
                        .deciding()
                        .flatMap(DmarcEvaluation::published)
                        .orElseThrow()
                        .source())
                .isEqualTo(PublishedPolicy.Source.AUTHOR);
        assertThat(verifier.check(author("mini.bank.example"), Authentications.NONE)
                        .deciding()
                        .flatMap(DmarcEvaluation::published)
                        .orElseThrow()
                        .source())
                .isEqualTo(PublishedPolicy.Source.PUBLIC_SUFFIX);
    }

    @Test
    void withoutAReadableAuthorNothingCanBeSaid() {
        for (Author author : List.of(new Author.Malformed("two From fields"), new Author.Absent("no From field"))) {
            DmarcResult result = verifier.check(author, authentications("d:corp.test"));
            assertThat(result.outcome()).isEqualTo(DmarcOutcome.PERMERROR);
            assertThat(result.policy()).isEqualTo(DmarcPolicy.NONE);
            assertThat(result.why()).endsWith("From field" + (author instanceof Author.Malformed ? "s" : ""));
            assertThat(result.deciding()).isEmpty();
        }
        assertThat(resolver.questions).isEmpty();
    }

    /// Whatever question fails, the result is temperror, or the same as if it had not failed.
    @ParameterizedTest
    @CsvSource({
        "x.corp.test, d:y.corp.test",
        "x.corp.test, d:evil.test",
        "giant.bank.example, d:mega.bank.example",
        "gone.below.test, d:evil.test",
        "alias.below.test, s:below.test",
        "a.b.c.d.e.f.g.h.i.example.com, d:a.b.c.d.e.f.g.h.example.com",
        "corp.test, d:corp.test",
        "nothing.invalid, d:nothing.invalid"
    })
    void aQuestionThatFailsNeverTurnsTheResult(String domain, String passed) {
        DmarcResult right = verifier.check(author(domain), authentications(passed));
        int questions = resolver.questions.size();
        assertThat(questions).isPositive();
        for (int failing = 0; failing < questions; failing++) {
            DmarcResult result = new DmarcVerifier(new Failing(failing)).check(author(domain), authentications(passed));
            if (result.outcome() != DmarcOutcome.TEMPERROR) {
                assertThat(result.outcome()).isEqualTo(right.outcome());
                assertThat(result.policy()).isEqualTo(right.policy());
            }
        }
        DmarcResult result = new DmarcVerifier(Resolver.none()).check(author(domain), authentications(passed));
        assertThat(result.outcome()).isEqualTo(DmarcOutcome.TEMPERROR);
    }

    /// Every name has many and long texts, among them the same record; all of it wants more work.
    @ParameterizedTest
    @ValueSource(strings = {"v=DMARC1; p=none; np=reject", "v=DMARC1; p=none; np=reject; psd=y", "v=DMARC1"})
    void theWorkIsBoundedWhateverDnsSays(String record) {
        List<String> texts = new ArrayList<>(Collections.nCopies(3000, "x"));
        texts.add(record + "; " + "x=y;".repeat(16_000));
        Counting hostile = new Counting(new Everywhere(texts));
        String authors = IntStream.range(0, 100)
                .mapToObj(i -> "a.b.c.d.e.f.g.h" + i + ".i.j.k.test")
                .collect(Collectors.joining(","));
        String passed = IntStream.range(0, 1000)
                .mapToObj(i -> "d:a.b.c.d.e.f" + i + ".test s:a.b.c.d.e.f.g" + i + ".i.j.k.test")
                .collect(Collectors.joining(" "));
        DmarcResult result = new DmarcVerifier(hostile).check(author(authors), authentications(passed));
        assertThat(result.evaluations()).hasSize(DmarcVerifier.MOST_AUTHORS);
        assertThat(hostile.questions)
                .hasSizeLessThanOrEqualTo(DmarcVerifier.MOST_AUTHORS * (8 + 8 * Evaluator.MOST_WALKS + 2));
        assertThat(result.evidence()).hasSizeLessThanOrEqualTo(100);
        assertThat(result.toString()).hasSizeLessThan(500_000);
    }

    @Test
    void thousandsOfRecordsAreNone() {
        List<String> texts = Collections.nCopies(5000, "v=DMARC1; p=reject");
        assertThat(new DmarcVerifier(new Everywhere(texts))
                        .check(author("corp.test"), Authentications.NONE)
                        .outcome())
                .isEqualTo(DmarcOutcome.NONE);
    }

    @Test
    void aNameTooLongForARecordHasNone() {
        String name = Stream.generate(() -> "x".repeat(49)).limit(5).collect(Collectors.joining("."));
        assertThat(verifier.check(author(name), Authentications.NONE).outcome()).isEqualTo(DmarcOutcome.NONE);
        assertThat(resolver.questions).hasSize(4);
    }

    /// Writes the questions down.
    private static final class Counting implements Resolver {
        private final Resolver inner;
        private final List<String> questions = new ArrayList<>();

        Counting(Resolver inner) {
            this.inner = inner;
        }

        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            questions.add(name + " " + type);
            return inner.resolve(name, type);
        }
    }

    /// Fails at one question.
    private static final class Failing implements Resolver {
        private final Resolver inner = ZoneResolver.of(ZONE);
        private int left;

        Failing(int left) {
            this.left = left;
        }

        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            return left-- == 0 ? new DnsAnswer.Failed<>("SERVFAIL") : inner.resolve(name, type);
        }
    }

    /// Has the same texts at every name, and nothing else exists.
    private record Everywhere(List<String> texts) implements Resolver {
        @Override
        @SuppressWarnings("unchecked") // texts are asked for as TXT only
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            return type.equals(RecordType.TXT)
                    ? new DnsAnswer.Found<>((List<R>) texts, name, Duration.ofMinutes(5), false)
                    : new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false);
        }
    }
}
