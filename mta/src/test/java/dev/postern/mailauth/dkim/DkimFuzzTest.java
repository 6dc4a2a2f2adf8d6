package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;

/// Signatures, keys and bodies of strangers: whatever they are, reading them ends in a value.
class DkimFuzzTest {
    @FuzzTest
    void signature(byte[] octets) {
        HeaderField field = HeaderField.of("DKIM-Signature:" + new String(octets, StandardCharsets.ISO_8859_1));
        MessageHeader header = new MessageHeader(List.of(field), MessageHeader.Ending.END);
        try {
            MessageSignature signature = MessageSignature.dkim(field, SignatureTags.of(field));
            assertThat(signature.names()).contains("from");
            assertThat(signature.identityDomain().isWithin(signature.signer().domain()))
                    .isTrue();
            assertThat(signature.signedOctets(new SignedFields(header))).isNotEmpty();
        } catch (SignatureFault fault) {
            assertThat(fault.why()).isNotBlank();
        }
    }

    @FuzzTest
    void keyRecord(FuzzedDataProvider data) {
        DkimAlgorithm algorithm = data.pickValue(DkimAlgorithm.values());
        String text = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        try {
            read(algorithm, KeyRecord.parse(text).keyFor(algorithm));
        } catch (SignatureFault fault) {
            assertThat(fault.why()).isNotBlank();
        }
    }

    @FuzzTest
    void rsaKey(byte[] octets) {
        try {
            read(DkimAlgorithm.RSA_SHA256, octets);
        } catch (SignatureFault fault) {
            assertThat(fault.why()).isNotBlank();
        }
    }

    private static void read(DkimAlgorithm algorithm, byte[] octets) throws SignatureFault {
        PublishedKey key = PublishedKey.read(algorithm, octets, DkimSettings.usual(), Optional.empty());
        if (key.key() instanceof RSAPublicKey rsa) {
            assertThat(rsa.getModulus().bitLength()).isEqualTo(key.bits()).isBetween(1024, 8192);
        }
        try {
            algorithm.signature(Optional.empty()).initVerify(key.key());
        } catch (InvalidKeyException refused) {
            assertThat(algorithm).isEqualTo(DkimAlgorithm.ED25519_SHA256); // no point of the curve
        } catch (java.security.GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @FuzzTest
    void body(FuzzedDataProvider data) {
        Canonicalization form = data.pickValue(Canonicalization.values());
        int cut = data.consumeInt(0, 64);
        byte[] octets = data.consumeRemainingAsBytes();
        StringBuilder out = new StringBuilder();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(
                form,
                (piece, offset, length) -> out.append(new String(piece, offset, length, StandardCharsets.ISO_8859_1)));
        int first = Math.min(cut, octets.length);
        canonicalizer.body(octets, 0, first);
        canonicalizer.body(octets, first, octets.length - first);
        canonicalizer.finish();
        assertThat(out.toString())
                .isEqualTo(NaiveBody.canonical(form, new String(octets, StandardCharsets.ISO_8859_1)));
    }
}
