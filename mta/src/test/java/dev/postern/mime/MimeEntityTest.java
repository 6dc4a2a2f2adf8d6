package dev.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MimeEntityTest {
    private static MimeEntity entity(String... fields) {
        List<HeaderField> header = Arrays.stream(fields)
                .map(field -> new String(field.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .map(HeaderField::of)
                .toList();
        return MimeEntity.of(new MessageHeader(header, MessageHeader.Ending.END), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            attachment; filename=a.xml                              | a.xml
            attachment; filename="a b;c.xml"                        | a b;c.xml
            attachment; filename="a\\"b\\\\c.xml"                   | a"b\\c.xml
            attachment; FileName = "a.xml" ; size=3                 | a.xml
            attachment; filename=a b.xml; x=y                       | a b.xml
            attachment; filename=google.com!example.org!1!2.zip     | google.com!example.org!1!2.zip
            attachment; filename=a.xml; filename=b.xml              | a.xml
            attachment; filename*=utf-8'en'caf%C3%A9.xml            | café.xml
            attachment; filename*=iso-8859-1''caf%E9.xml            | café.xml
            attachment; filename*=''caf%C3%A9.xml                   | café.xml
            attachment; filename*=no-such-set''a%41.xml             | aA.xml
            attachment; filename=cafe.xml; filename*=utf-8''caf%C3%A9.xml | café.xml
            attachment; filename*1=b.xml; filename*0=a              | ab.xml
            attachment; filename*0*=utf-8''%C3; filename*1*=%A9.x; filename*2="ml" | é.xml
            attachment; filename*0=a; filename*2=c                  | a
            attachment; filename*1=b                                |
            attachment; filename*99999999999=b                      |
            attachment; filename*x=b                                |
            attachment; filename=é.xml                              | é.xml
            attachment; filename="=?utf-8?Q?caf=C3=A9?= =?utf-8?B?LnhtbA==?=" | café.xml
            attachment; filename="=?utf-8?X?caf=C3=A9?="            | =?utf-8?X?caf=C3=A9?=
            attachment; filename="=?utf-8?Q?a"                      | =?utf-8?Q?a
            attachment (old); filename(name)=a                      |
            attachment; filename=(the (name)) a.xml                 | a.xml
            attachment; filename=a.xml (the name                    | a.xml
            attachment; filename="a.xml                             | a.xml
            attachment; filename="a\\                               | a\\
            attachment; filename                                    |
            attachment; filename=                                   | ``
            attachment                                              |
            `;;;=;filename=a`                                       | a
            """)
    void fileNameOfADisposition(String disposition, String name) {
        assertThat(entity("Content-Disposition: " + disposition).fileName()).isEqualTo(Optional.ofNullable(name));
    }

    @Test
    void fileNameMayStandWithTheType() {
        assertThat(entity("Content-Type: application/gzip; name=\"a.xml.gz\"").fileName())
                .contains("a.xml.gz");
        assertThat(entity("Content-Type: application/gzip; name=\"a.xml.gz\"", "Content-Disposition: attachment")
                        .fileName())
                .contains("a.xml.gz");
        assertThat(entity("Subject: none").fileName()).isEmpty();
    }

    @Test
    void dispositionIsInLowerCase() {
        assertThat(entity("Content-Disposition: (a) Attachment ; x=y").disposition())
                .contains("attachment");
        assertThat(entity("Subject: none").disposition()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Text/HTML; charset="utf-8"         | text/html
            text / html                        | text/html
            text/plain (comment)               | text/plain
            application/vnd.x+json;            | application/vnd.x+json
            text                               | text/plain
            /html                              | text/plain
            text/                              | text/plain
            text/h/tml                         | text/plain
            te xt/html                         | text/plain
            ``                                 | text/plain
            ;                                  | text/plain
            """)
    void malformedTypeIsText(String field, String type) {
        assertThat(entity("Content-Type: " + field).type()).hasToString(type);
    }

    @Test
    void boundaryIsOctets() {
        ContentType type = ContentType.parse("multipart/mixed; boundary=\"=?utf-8?Q?=41?=\"")
                .orElseThrow();
        assertThat(type.parameter("boundary")).contains("=?utf-8?Q?=41?=");
    }

    @Test
    void parametersAreBounded() {
        ContentType type =
                ContentType.parse("a/b" + "; x".repeat(200_000) + "; name=c").orElseThrow();
        assertThat(type.parameter("name")).isEmpty();
        ContentType deep =
                ContentType.parse("a/b " + "(".repeat(200_000) + "; name=c").orElseThrow();
        assertThat(deep.parameters()).isEmpty();
    }
}
