package dev.postern.mailauth.dkim;

import dev.postern.crypto.Sha256;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Makes signatures of any shape, right or wrong, with keys of its own.
public final class Forge {
    public static final DkimKey RSA = key("""
            -----BEGIN PRIVATE KEY-----
            MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCsspWNbmJxQ3h8
            yAxV1ezcLOE0pFB9os/P8p1TKIz9U1CuO2qWYIph1bA6FpF10Wn61RFQNwtN4xlG
            Po25Zd2IhQJLiIOK2W54jWnFXUcH36o1dc4PZc/oOFSTb8PILDnOIvS06vu9RfHr
            i4BbqIhUYtxe0aJ5fLwPxOmHwk6+1k/saqgW8o4Jx7WG/1H8b7JGpmRxcC4BfrGt
            3ygUs4sg5U9fDg603jJUALIvIxTjYZXZP7Dz7X/DaxwAVa/2tzDU1ll2e99Mi5va
            Ck7+NbA1vHmytz9MI//7NnrMUiMpI4gPg8kNo/4jDmUlq5E+7gBAza5Fnsa3ldmM
            6stC88mDAgMBAAECggEAT+mbVoS7vNmRyXvwaU/CeOezll5qeJh8PSdxMWfURezl
            qpoH6mnl3vu4vkhvKuuqdM1fY5T1ACeULHMJtb6zUlbqBvW2mOugONyHEzLkiXow
            EujeXzWnjTdzu32+RMRiQ0bdoVITBzR0i6BT1xYXb6UHgEDVRA46H7nork91jMxu
            nvH/bC1QO5o1Q0401bvfTPkDolwb7qlbIQQnJ8tysHXazB9BQ6cY/V+ZfeRUlAc2
            /xc7xLTJUd8TRmdsHb+ilg3eyob2HsLLc5KCANfCWeKCUjlJvC8aL17wGwXjHOb4
            lwA/HM3QTIoCNWyyjQXORrL5jDJvT9hDyALUXCU38QKBgQDvHmsqZRjpHeDMuxli
            sQge6fl3Fjjso6Ixe+QmeObQlnigAbAwh6WxZwEJzVwFKtQLKafOY9XK4AmyP+ye
            Pix9NqjKdSdJa6Qx8pL11Yi72JUw9Dpl8KqtV/tem2g9o7LSLOKAkDtk82QIm5OA
            0lvyrqqWbTE2t7mVw6iL/4L/LwKBgQC4470EyupfPJ3qfSjO1CK77Nr6u6v3aWYI
            eSqH8tx+VgO2JuapJ92drIRI7blU1nRtglgpGfTGaExzjFqHRMrsKY/UHyXy1vxd
            K89L5OiPHko/XiN4P+WGLZRKp2q7K+hu/jF2+jOPFkmUpagYT5iPGDIvRPhhXZ3M
            0yWteABl7QKBgB5zhz485bE6RtiLsy3oUZpuPYC26cTpCcy3dFSZ7Pr/TplB3cgw
            Xh97eJxg9KkLzTkmsuILwLw3T8TNczqrvEqt3Uz7ImetN5nMxH5eFS2m5Uj4sT8u
            KO4uWCqyK9I9uJYfdTDeLVIr1L9r4Jr1LxR2ve6uNSg8uXujESHTBkGtAoGALWdP
            3cNu9uBN7224/cG+neO2iuhXfLSXZ/FJboVHfIbm9m5rKpMtqzDYc4hdgOYBRXtC
            5yUGpUqrq5yGBr3wDzrNpUvY59+/ram6iGq4aZ0IorMdhsQ6O08qIYMnhLttowQt
            ZYhf7P2OKEDeHMo/LrTEbjNDw7VXsRsRH55eiqkCgYAjxoa8MPM5PPaq4mvnFyQ9
            wS4YpMmFjrv+CeGbg1pfCgGy0W12jCQdnfV4dD+Lqkjt9r+mziphQR7Ja1ClaLiD
            fGkrtDfrXopKkW6tuMkmAM3ZFZvP0Cd6PLWgFmf5ZFXCi5zM9M94mgFF9Ec1PB9z
            8Y30WzAS+wcWYDAoTWeuEg==
            -----END PRIVATE KEY-----
            """);
    public static final DkimKey ED25519 = key("""
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEILkfWBtk6MX6SMXRvjD9AF25B0aU1ioFWJN+qUi+sAV+
            -----END PRIVATE KEY-----
            """);

    private Forge() {}

    private static DkimKey key(String pem) {
        try {
            return DkimKey.parse(pem, "a key of the tests", Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The message with a DKIM-Signature on top.
    ///
    /// @param tags all of the signature but `bh=`, which is added unless it is there, and `b=`; its
    ///     `c=`, `h=` and `l=` are followed
    static String sign(DkimKey key, String tags, String message) {
        String body = message.substring(message.indexOf("\r\n\r\n") + 4);
        String[] forms = tag(tags, "c", "simple/simple").split("/", -1);
        Canonicalization headerForm = form(forms[0]);
        Canonicalization bodyForm = form(forms.length > 1 ? forms[1] : "simple");
        String canonical = NaiveBody.canonical(bodyForm, body);
        String length = tag(tags, "l", "");
        String covered = length.isEmpty()
                ? canonical
                : canonical.substring(0, Math.clamp(Integer.parseInt(length), 0, canonical.length()));
        String hash = Base64.getEncoder()
                .encodeToString(Sha256.begin().digest(covered.getBytes(StandardCharsets.ISO_8859_1)));
        String unsigned = "DKIM-Signature: " + tags + (tags.contains("bh=") ? "" : "; bh=" + hash) + "; b=";
        MessageHeader header = Postbag.read(message).header();
        List<String> names = Arrays.stream(tag(tags, "h", "from").split(":", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        byte[] octets = octets(header, names, HeaderField.of(unsigned), headerForm);
        return unsigned + Base64.getEncoder().encodeToString(key.sign(octets)) + "\r\n" + message;
    }

    private static byte[] octets(MessageHeader header, List<String> names, HeaderField own, Canonicalization form) {
        List<HeaderField> left = new ArrayList<>(header.fields());
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            for (int i = left.size() - 1; i >= 0; i--) {
                if (left.get(i).is(name)) {
                    text.append(form.header(left.remove(i))).append("\r\n");
                    break;
                }
            }
        }
        return text.append(form.header(own)).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Canonicalization form(String text) {
        return Canonicalization.parse(text).orElse(Canonicalization.SIMPLE);
    }

    private static String tag(String tags, String name, String other) {
        for (String tag : tags.split(";", -1)) {
            String[] parts = tag.split("=", 2);
            if (parts[0].strip().equals(name)) {
                return parts[1].strip();
            }
        }
        return other;
    }
}
