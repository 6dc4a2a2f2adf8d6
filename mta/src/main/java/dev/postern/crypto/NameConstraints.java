package dev.postern.crypto;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/// Which names an authority may vouch for.
///
/// The JDK does not look at those of a trust anchor, and at no common name that stands for a host; so they are looked
/// at here.
///
/// @rfc 5280 §4.2.1.10
public final class NameConstraints {
    private NameConstraints() {}

    /// Whether the constraints of an authority permit all names of a certificate below it, its common name too where
    /// that stands for a host; constraints that cannot be read permit nothing.
    public static boolean permit(X509Certificate authority, X509Certificate below) {
        byte[] constraints = authority.getExtensionValue(Extension.nameConstraints.getId());
        if (constraints == null) {
            return true;
        }
        try {
            PKIXNameConstraintValidator validator =
                    validator(org.bouncycastle.asn1.x509.NameConstraints.getInstance(content(constraints)));
            X500Name subject =
                    X500Name.getInstance(below.getSubjectX500Principal().getEncoded());
            validator.checkPermittedDN(subject);
            validator.checkExcludedDN(subject);
            for (GeneralName name : names(below)) {
                validator.checkPermitted(name);
                validator.checkExcluded(name);
            }
            return true;
        } catch (NameConstraintValidatorException excluded) {
            return false;
        } catch (RuntimeException unreadable) {
            return false; // the library says in many ways that it cannot read a name or a constraint
        }
    }

    private static byte[] content(byte[] extension) {
        return ASN1OctetString.getInstance(extension).getOctets();
    }

    private static PKIXNameConstraintValidator validator(org.bouncycastle.asn1.x509.NameConstraints constraints) {
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
        GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
        if (permitted != null) {
            validator.intersectPermittedSubtree(permitted);
        }
        if (excluded != null) {
            for (GeneralSubtree subtree : excluded) {
                validator.addExcludedSubtree(subtree);
            }
        }
        return validator;
    }

    private static List<GeneralName> names(X509Certificate certificate) {
        List<GeneralName> names = new ArrayList<>();
        byte[] alternatives = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
        if (alternatives != null) {
            names.addAll(List.of(GeneralNames.getInstance(content(alternatives)).getNames()));
        }
        if (names.stream().noneMatch(name -> name.getTagNo() == GeneralName.dNSName)) {
            CertificateNames.orCommonName(certificate)
                    .names()
                    .forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name.toString())));
        }
        return names;
    }
}
