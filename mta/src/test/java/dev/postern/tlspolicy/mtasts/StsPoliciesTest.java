package dev.postern.tlspolicy.mtasts;

import static dev.postern.tlspolicy.mtasts.StsWorld.EXAMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.TlsTrial;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class StsPoliciesTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final StsPolicy FIRST = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx1.example.org"), WEEK);
    private static final StsPolicy SECOND = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx2.example.org"), WEEK);

    private final StsWorld world = new StsWorld();
    private final StsPolicies policies = world.policies();

    private static Optional<StsPolicy> policy(StsFinding finding) {
        return finding instanceof StsFinding.InForce found ? Optional.of(found.policy()) : Optional.empty();
    }

    private void publish(String id, String... hosts) {
        world.announce(EXAMPLE, id);
        world.serve(EXAMPLE, StsWorld.enforcing(hosts));
    }

    private static DnsAnswer<String> texts(String... texts) {
        return new DnsAnswer.Found<>(List.of(texts), EXAMPLE, Duration.ofMinutes(1), false);
    }

    @Test
    void policyIsFetchedOnceAndKept() {
        publish("1", "mx1.example.org");

        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
        world.clock.advance(WEEK.minusSeconds(1));
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);

        assertThat(world.fetched).containsExactly(URI.create("https://mta-sts.example.org/.well-known/mta-sts.txt"));
        assertThat(world.events)
                .containsExactly(
                        new StsEvent.StsPolicyFetched(EXAMPLE, "1", "enforce", List.of("mx1.example.org"), WEEK));
    }

    @Test
    void domainWithoutARecordIsNotAskedForAFile() {
        world.serve(EXAMPLE, StsWorld.enforcing("mx1.example.org"));

        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);
        world.answer(EXAMPLE, texts("v=STSv1; id=1", "v=STSv1; id=2"));
        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);
        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);

        assertThat(world.fetched).isEmpty();
        assertThat(world.events).isEmpty();
    }

    @Test
    void anotherIdentifierBringsAnotherPolicy() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.clock.advance(Duration.ofHours(1));
        publish("2", "mx2.example.org");

        assertThat(policy(policies.of(EXAMPLE))).contains(SECOND);
        assertThat(world.fetched).hasSize(2);
    }

    @Test
    void identifierThatChangesWithEveryQuestionIsFollowedOnceAMinuteAtMost() {
        for (int i = 0; i < 120; i++) {
            publish("id" + i, "mx1.example.org");
            assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
            world.clock.advance(Duration.ofSeconds(1));
        }

        assertThat(world.fetched).hasSize(2);
    }

    @Test
    void earlierPolicyStaysInForceWhereTheNewOneCannotBeHad() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.clock.advance(Duration.ofHours(1));
        world.announce(EXAMPLE, "2");
        world.serve(EXAMPLE, new PolicyFetcher.Answer.Failed("the connection broke"));

        StsFinding finding = policies.of(EXAMPLE);
        assertThat(policy(finding)).contains(FIRST);
        assertThat(finding.why()).contains("the connection broke");
        assertThat(world.events.getLast())
                .isEqualTo(new StsEvent.StsPolicyKept(
                        EXAMPLE,
                        "1",
                        world.clock.instant().plus(WEEK).minus(Duration.ofHours(1)),
                        TlsTrial.Result.STS_POLICY_FETCH_ERROR,
                        "mta-sts.example.org: the connection broke"));

        world.clock.advance(WEEK);
        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.Unavailable.class);
    }

    @Test
    void policyOutlivesItsRecordUntilItsAge() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.clock.advance(Duration.ofHours(1));

        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
        world.answer(EXAMPLE, new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), true));
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
        world.answer(EXAMPLE, texts("v=STSv1; broken"));
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);

        world.clock.advance(WEEK);
        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);
    }

    static List<Arguments> failures() {
        Optional<String> plain = Optional.of("text/plain");
        String good = StsWorld.enforcing("mx1.example.org");
        TlsTrial.Result fetch = TlsTrial.Result.STS_POLICY_FETCH_ERROR;
        TlsTrial.Result invalid = TlsTrial.Result.STS_POLICY_INVALID;
        return List.of(
                Arguments.of(new PolicyFetcher.Answer.Failed("it did not answer in time"), fetch),
                Arguments.of(
                        new PolicyFetcher.Answer.Unproven("its certificate is for other hosts"),
                        TlsTrial.Result.STS_WEBPKI_INVALID),
                Arguments.of(new PolicyFetcher.Answer.Answered(404, plain, good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(301, plain, good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(203, plain, good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(500, plain, good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(200, Optional.empty(), good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(200, Optional.of("text/html"), good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(200, Optional.of("text/plainly"), good, true), fetch),
                Arguments.of(new PolicyFetcher.Answer.Answered(200, plain, good, false), invalid),
                Arguments.of(new PolicyFetcher.Answer.Answered(200, plain, "<html>", true), invalid),
                Arguments.of(new PolicyFetcher.Answer.Answered(200, plain, "", true), invalid));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void announcedPolicyThatCannotBeHadIsCountedByItsReason(PolicyFetcher.Answer answer, TlsTrial.Result result) {
        world.announce(EXAMPLE, "1");
        world.serve(EXAMPLE, answer);

        assertThat(policies.of(EXAMPLE))
                .isInstanceOfSatisfying(
                        StsFinding.Unavailable.class,
                        unavailable -> assertThat(unavailable.result()).isEqualTo(result));
        assertThat(world.eventNames()).containsExactly("StsPolicyUnavailable");
    }

    @Test
    void parametersOfTheTypeDoNotMatter() {
        world.announce(EXAMPLE, "1");
        world.serve(
                EXAMPLE,
                new PolicyFetcher.Answer.Answered(
                        200,
                        Optional.of("Text/Plain ; charset=us-ascii"),
                        StsWorld.enforcing("mx1.example.org"),
                        true));

        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
    }

    @Test
    void failureIsLeftAloneForFiveMinutesThenForLonger() {
        world.announce(EXAMPLE, "1");
        policies.of(EXAMPLE);
        List<Integer> minutes = new ArrayList<>();
        for (int minute = 1; minute <= 120; minute++) {
            world.clock.advance(Duration.ofMinutes(1));
            int before = world.fetched.size();
            assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.Unavailable.class);
            if (world.fetched.size() > before) {
                minutes.add(minute);
            }
        }

        assertThat(minutes).containsExactly(5, 15, 35, 75);
    }

    @Test
    void anotherIdentifierIsTriedSoonerThanTheOneThatFailed() {
        world.announce(EXAMPLE, "1");
        policies.of(EXAMPLE);
        publish("2", "mx1.example.org");

        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.Unavailable.class);
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
    }

    @Test
    void policyOfNoAgeServesTheMailItWasFetchedFor() {
        world.announce(EXAMPLE, "1");
        world.serve(EXAMPLE, "version: STSv1\nmode: enforce\nmx: mx1.example.org\nmax_age: 0\n");

        assertThat(policy(policies.of(EXAMPLE))).isPresent();
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(policy(policies.of(EXAMPLE))).isPresent();
        assertThat(world.fetched).hasSize(2);
    }

    @Test
    void policyIsFetchedAgainEveryDayAndSoNeverEnds() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        for (int hour = 0; hour < 24 * 20; hour++) {
            world.clock.advance(Duration.ofHours(1));
            policies.refresh();
        }

        assertThat(world.fetched).hasSize(21);
        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
        assertThat(world.eventNames()).containsExactly("StsPolicyFetched");
    }

    @Test
    void policyThatNobodyWantsAnyMoreEnds() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        for (int hour = 0; hour < 24 * 40; hour++) {
            world.clock.advance(Duration.ofHours(1));
            policies.refresh();
        }

        assertThat(policies.remembered().policies()).isEmpty();
        assertThat(world.fetched).hasSize(30);
        assertThat(world.eventNames()).containsExactly("StsPolicyFetched", "StsPolicyExpired");
    }

    @Test
    void silencingDnsDoesNotKeepAPolicyFromBeingFetchedAgain() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        world.clock.advance(Duration.ofDays(2));
        policies.refresh();
        world.clock.advance(Duration.ofDays(6));

        assertThat(world.fetched).hasSize(2);
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
    }

    @Test
    void policyThatIsAnnouncedNoMoreIsNotFetchedAgain() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.answer(EXAMPLE, new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false));
        world.clock.advance(Duration.ofDays(2));
        policies.refresh();

        assertThat(world.fetched).hasSize(1);
        assertThat(policy(policies.of(EXAMPLE))).contains(FIRST);
    }

    @Test
    void changedIdentifierIsNoticedByTheDailyFetch() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.clock.advance(Duration.ofDays(1));
        publish("2", "mx2.example.org");
        policies.refresh();

        assertThat(policy(policies.of(EXAMPLE))).contains(SECOND);
        assertThat(world.fetched).hasSize(2);
    }

    @Test
    void dailyFetchThatFailsIsToldUnlessThePolicyAsksForNothing() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        DomainName other = DomainName.of("other.example");
        world.announce(other, "9");
        world.serve(other, "version: STSv1\nmode: none\nmax_age: 604800\n");
        policies.of(other);
        world.events.clear();
        world.serve(EXAMPLE, new PolicyFetcher.Answer.Failed("gone"));
        world.serve(other, new PolicyFetcher.Answer.Failed("gone"));
        world.clock.advance(Duration.ofDays(1));
        policies.refresh();

        assertThat(world.fetched).hasSize(4);
        assertThat(world.eventNames()).containsExactly("StsPolicyKept");
    }

    @Test
    void modeNoneEndsAPolicyAndItselfEnds() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        world.clock.advance(Duration.ofHours(1));
        world.announce(EXAMPLE, "2");
        world.serve(EXAMPLE, "version: STSv1\nmode: none\nmax_age: 86400\n");

        assertThat(policy(policies.of(EXAMPLE)))
                .hasValueSatisfying(policy -> assertThat(policy.mode()).isEqualTo(StsPolicy.Mode.NONE));
        world.answer(EXAMPLE, new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false));
        world.clock.advance(Duration.ofDays(1));
        assertThat(policies.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);
    }

    @Test
    void policiesSurviveARestart() {
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        byte[] text = KeptText.of(policies.remembered().policies()).getBytes(StandardCharsets.US_ASCII);
        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        StsPolicies next = world.policies();
        next.restore(((KeptText.Result.Good) KeptText.parse(text)).policies());

        assertThat(policy(next.of(EXAMPLE))).contains(FIRST);
        world.clock.advance(WEEK);
        assertThat(next.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);
    }

    @Test
    void clockThatWasWrongDoesNotLengthenALife() {
        publish("1", "mx1.example.org");
        world.clock.advance(Duration.ofDays(3650));
        policies.of(EXAMPLE);
        world.clock.advance(Duration.ofDays(-3650));
        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        StsPolicies next = world.policies();
        next.restore(policies.remembered().policies());

        assertThat(policy(next.of(EXAMPLE))).contains(FIRST);
        world.clock.advance(WEEK);
        assertThat(next.of(EXAMPLE)).isInstanceOf(StsFinding.NoPolicy.class);
    }

    @Test
    void versionTellsWhetherThereIsSomethingToSave() {
        long empty = policies.version();
        publish("1", "mx1.example.org");
        policies.of(EXAMPLE);
        long first = policies.version();
        policies.of(EXAMPLE);

        assertThat(first).isNotEqualTo(empty);
        assertThat(policies.version()).isEqualTo(first);
        world.clock.advance(Duration.ofDays(1));
        policies.of(EXAMPLE);
        assertThat(policies.version()).isNotEqualTo(first);
    }

    @Test
    void numberOfDomainsIsBoundedAndThoseAskedForLatelyStay() {
        StsPolicies few = world.policies(new StsSettings(443, Duration.ofSeconds(1), 10, 10, 3), world, Runnable::run);
        List<DomainName> domains = IntStream.range(0, 5)
                .mapToObj(i -> DomainName.of("d" + i + ".example"))
                .toList();
        for (DomainName domain : domains) {
            world.announce(domain, "1");
            world.serve(domain, StsWorld.enforcing("mx.example.org"));
            few.of(domain);
            few.of(domains.getFirst());
        }

        assertThat(few.remembered().policies())
                .extracting(KeptPolicy::domain)
                .containsExactly(domains.get(3), domains.get(4), domains.get(0));
    }

    @Test
    void largePoliciesCountAsSeveral() {
        StsPolicies few =
                world.policies(new StsSettings(443, Duration.ofSeconds(1), 10, 10, 100), world, Runnable::run);
        String[] hosts = IntStream.range(0, 500)
                .mapToObj(i -> "host" + i + ".example.org")
                .toArray(String[]::new);
        for (int i = 0; i < 50; i++) {
            DomainName domain = DomainName.of("d" + i + ".example");
            world.announce(domain, "1");
            world.serve(domain, StsWorld.enforcing(hosts));
            few.of(domain);
        }

        assertThat(few.remembered().policies()).hasSizeBetween(1, 5);
    }

    @Test
    void oneDomainIsFetchedOnceHoweverManyWantIt() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        PolicyFetcher slow = address -> {
            await(go);
            return world.fetch(address);
        };
        publish("1", "mx1.example.org");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StsPolicies shared =
                    world.policies(new StsSettings(443, Duration.ofSeconds(50), 100, 10, 100), slow, threads);
            List<Future<StsFinding>> findings = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> shared.of(EXAMPLE)))
                    .toList();
            go.countDown();
            for (Future<StsFinding> finding : findings) {
                assertThat(policy(finding.get())).contains(FIRST);
            }
        }
        assertThat(world.fetched).hasSize(1);
    }

    /// Every host hangs for the whole test, and nobody is kept: neither by the first of them nor by a thousand.
    @Test
    void thousandHostsThatHangKeepNobody() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        PolicyFetcher hanging = address -> {
            world.fetched.add(address);
            await(end);
            return new PolicyFetcher.Answer.Failed("it did not answer in time");
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StsPolicies shared = world.policies(new StsSettings(443, Duration.ZERO, 100, 20, 10_000), hanging, threads);
            for (int i = 0; i < 1000; i++) {
                DomainName domain = DomainName.of("d" + i + ".example");
                world.announce(domain, "1");
                assertThat(shared.of(domain))
                        .isInstanceOfSatisfying(
                                StsFinding.Unavailable.class,
                                unavailable -> assertThat(unavailable.result())
                                        .isEqualTo(TlsTrial.Result.STS_POLICY_FETCH_ERROR));
            }
            end.countDown();
        }
        assertThat(world.fetched).hasSize(20);
    }

    @Test
    void beyondThoseWhoMayWaitNobodyDoes() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        PolicyFetcher hanging = address -> {
            begun.countDown();
            await(end);
            return world.fetch(address);
        };
        publish("1", "mx1.example.org");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StsPolicies shared =
                    world.policies(new StsSettings(443, Duration.ofSeconds(50), 1, 10, 100), hanging, threads);
            Thread[] first = new Thread[1];
            Future<StsFinding> waits = threads.submit(() -> {
                first[0] = Thread.currentThread();
                return shared.of(EXAMPLE);
            });
            begun.await();
            while (first[0].getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            assertThat(shared.of(EXAMPLE)).isInstanceOf(StsFinding.Unavailable.class);
            end.countDown();
            assertThat(policy(waits.get())).contains(FIRST);
        }
    }

    @Test
    void fetchOfOursThatBreaksIsNotUnderWayForEver() {
        List<Runnable> tasks = new ArrayList<>();
        PolicyFetcher broken = address -> {
            throw new IllegalStateException("a mistake of ours");
        };
        StsPolicies some = world.policies(new StsSettings(443, Duration.ZERO, 10, 10, 10), broken, tasks::add);
        world.announce(EXAMPLE, "1");
        some.of(EXAMPLE);
        try {
            tasks.getFirst().run();
        } catch (IllegalStateException expected) {
            tasks.clear();
        }
        some.of(EXAMPLE);

        assertThat(tasks).hasSize(1);
    }

    @Test
    void halfOfTheFetchesAreLeftToMail() {
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            DomainName domain = DomainName.of("d" + i + ".example");
            world.announce(domain, "1");
            world.serve(domain, StsWorld.enforcing("mx.example.org"));
            policies.of(domain);
        }
        StsPolicies next = world.policies(new StsSettings(443, Duration.ZERO, 10, 10, 100), world, tasks::add);
        next.restore(policies.remembered().policies());
        world.clock.advance(Duration.ofDays(2));
        next.refresh();

        assertThat(tasks).hasSize(5);
        next.refresh();
        assertThat(tasks).hasSize(5);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
