package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tlspolicy.mtasts.PolicyFile;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.web.Page;
import dev.postern.web.Pages;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyPagesTest {
    private static PolicyPages pages(boolean served) {
        return new PolicyPages(
                () -> List.of(Sites.ORG), () -> Optional.of(new StsSite(Sites.policy(StsPolicy.Mode.ENFORCE), served)));
    }

    @ParameterizedTest
    @CsvSource({
        "true,  mta-sts.example.org,  /.well-known/mta-sts.txt,  true",
        "false, mta-sts.example.org,  /.well-known/mta-sts.txt,  false",
        "true,  mta-sts.example.net,  /.well-known/mta-sts.txt,  false",
        "true,  mail.example.org,     /.well-known/mta-sts.txt,  false",
        "true,  example.org,          /.well-known/mta-sts.txt,  false",
        "true,  mta-sts.,             /.well-known/mta-sts.txt,  false",
        "true,  '',                   /.well-known/mta-sts.txt,  false",
        "true,  mta-sts.example.org,  /.well-known/mta-sts.txt/, false",
        "true,  mta-sts.example.org,  /,                         false",
        "true,  mta-sts.example.org,  /.well-known/MTA-STS.txt,  false"
    })
    void policyIsAtItsPlaceAndNowhereElse(boolean tls, String host, String path, boolean there) {
        Optional<Page> page = pages(true).page(new Pages.Request(tls, host, path));
        assertThat(page.isPresent()).isEqualTo(there);
        page.ifPresent(found -> {
            assertThat(found.text()).isEqualTo(new PolicyFile(Sites.policy(StsPolicy.Mode.ENFORCE)).text());
            // RFC 8461 §3.2: the media type is text/plain
            assertThat(found.mediaType()).startsWith("text/plain");
        });
    }

    @Test
    void policyThatOthersServeIsNotServedHere() {
        Pages.Request request = new Pages.Request(true, "mta-sts.example.org", PolicyFile.PATH);
        assertThat(pages(false).page(request)).isEmpty();
        assertThat(new PolicyPages(() -> List.of(Sites.ORG), Optional::empty).page(request))
                .isEmpty();
    }
}
