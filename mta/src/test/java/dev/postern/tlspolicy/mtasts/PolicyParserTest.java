package dev.postern.tlspolicy.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyParserTest {
    private static StsPolicy policy(String file) {
        return switch (PolicyParser.parse(file)) {
            case PolicyParser.Result.Good(StsPolicy policy) -> policy;
            case PolicyParser.Result.Bad(String why) -> throw new AssertionError(why);
        };
    }

    private static String fault(String file) {
        return switch (PolicyParser.parse(file)) {
            case PolicyParser.Result.Good(StsPolicy policy) -> throw new AssertionError("it was read: " + policy);
            case PolicyParser.Result.Bad(String why) -> why;
        };
    }

    /// RFC 8461 §3.2, the example.
    @Test
    void exampleOfTheStandardIsRead() {
        assertThat(policy("""
                version: STSv1
                mode: enforce
                mx: mail.example.com
                mx: *.example.net
                mx: backupmx.example.com
                max_age: 604800
                """))
                .isEqualTo(new StsPolicy(
                        StsPolicy.Mode.ENFORCE,
                        List.of("mail.example.com", "*.example.net", "backupmx.example.com"),
                        Duration.ofDays(7)));
    }

    /// RFC 8461, appendix A: examples of testing and of leaving MTA-STS (§8.3).
    @Test
    void everyModeIsRead() {
        String testing = """
                version: STSv1
                mode: testing
                mx: mx1.example.com
                mx: mx2.example.com
                max_age: 1296000
                """;
        assertThat(policy(testing.replace("\n", "\r\n")))
                .isEqualTo(new StsPolicy(
                        StsPolicy.Mode.TESTING, List.of("mx1.example.com", "mx2.example.com"), Duration.ofDays(15)));
        assertThat(policy("version: STSv1\nmode: none\nmax_age: 86400"))
                .isEqualTo(new StsPolicy(StsPolicy.Mode.NONE, List.of(), Duration.ofDays(1)));
    }

    @Test
    void orderBlanksAndUnknownFieldsDoNotMatter() {
        assertThat(policy("""
                max_age:0 \t\r
                mx:A.example.

                future.field-1_x: \u00c3\u00a4 b:c
                mode:\ttesting
                version:   STSv1

                """)).isEqualTo(new StsPolicy(StsPolicy.Mode.TESTING, List.of("a.example"), Duration.ZERO));
    }

    @Test
    void ofWhatStandsThereTwiceTheFirstCounts() {
        assertThat(policy("version: STSv1\nversion: STSv2\nmode: none\nmode: enforce\nmax_age: 1\nmax_age: x\n"))
                .isEqualTo(new StsPolicy(StsPolicy.Mode.NONE, List.of(), Duration.ofSeconds(1)));
    }

    @Test
    void ageBeyondAYearIsAYear() {
        assertThat(policy("version: STSv1\nmode: none\nmax_age: 9999999999\n").maxAge())
                .hasSeconds(31_557_600);
    }

    @Test
    void whatIsReadIsWrittenTheSame() {
        String file = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800";

        assertThat(policy(file).lines()).containsExactly(file.split("\n", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|it has no version",
                "mode: none~max_age: 1|it has no version",
                "version: STSv2~mode: none~max_age: 1|its version is not STSv1",
                "version: stsv1~mode: none~max_age: 1|its version is not STSv1",
                "Version: STSv1~mode: none~max_age: 1|it has no version",
                "version: STSv1~max_age: 1|it has no mode",
                "version: STSv1~mode: report~max_age: 1|its mode is none of enforce, testing and none",
                "version: STSv1~mode: Enforce~mx: a.example~max_age: 1|its mode is none of enforce, testing and none",
                "version: STSv1~mode: none|it has no max_age",
                "version: STSv1~mode: none~max_age: -1|its max_age is no number of seconds",
                "version: STSv1~mode: none~max_age: 1w|its max_age is no number of seconds",
                "version: STSv1~mode: none~max_age: 12345678901|its max_age is no number of seconds",
                "version: STSv1~mode: enforce~max_age: 1|it names no host",
                "version: STSv1~mode: testing~max_age: 1|it names no host",
                "version: STSv1~mode: none~mx: *~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx: mail*.example.com~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx: *.*.example.com~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx: .example.com~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx: a.example b.example~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx: a.example, b.example~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx: [192.0.2.1]~max_age: 1|line 3 names no host",
                "version: STSv1~mode: none~mx:~max_age: 1|line 3 has no value behind its colon",
                "version: STSv1~mode : none~max_age: 1|line 2 has no name of a field before its colon",
                "version: STSv1~mode none~max_age: 1|'line 2 is no \"name: value\"'",
                "version: STSv1~: none~max_age: 1|line 2 has no name of a field before its colon",
                "version=STSv1|'line 1 is no \"name: value\"'",
                "<html>~<body>version: STSv1</body>|'line 1 is no \"name: value\"'",
                "{\"version\": \"STSv1\"}|line 1 has no name of a field before its colon",
            })
    void faultIsTold(String lines, String why) {
        assertThat(fault(lines.replace('~', '\n'))).isEqualTo(why);
    }

    @Test
    void controlCharactersAreFaults() {
        assertThat(fault("version: STSv1\rmode: none\rmax_age: 1")).isEqualTo("line 1 has a control character");
        assertThat(fault("version: STSv1\nmode: none\nx: \u0000\nmax_age: 1"))
                .isEqualTo("line 3 has a control character");
        assertThat(fault("version: STSv1\nmode: none\nx: \u007f\nmax_age: 1"))
                .isEqualTo("line 3 has a control character");
    }

    @Test
    void octetsOfOtherLettersAreNoHost() {
        assertThat(fault("version: STSv1\nmode: none\nmx: b\u00c3\u00bccher.example\nmax_age: 1"))
                .isEqualTo("line 3 names no host");
    }

    @Test
    void boundsAreKept() {
        assertThat(fault("x: " + "y".repeat(PolicyParser.LONGEST))).contains("larger");
        assertThat(fault("version: STSv1\nmode: none\nmax_age: 1\n" + "mx: a.example\n".repeat(501)))
                .isEqualTo("line 504 is one of more than 500 hosts");
        assertThat(policy("version: STSv1\nmode: none\nmax_age: 1\n" + "mx: a.example\n".repeat(500))
                        .hosts())
                .hasSize(500);
    }
}
