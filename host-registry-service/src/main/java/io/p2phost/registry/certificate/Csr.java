package io.p2phost.registry.certificate;

import java.io.IOException;
import java.io.StringReader;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * A certificate request whose signature was verified. Of its contents only the key and the addresses count: who the
 * caller is, its token says.
 *
 * @param addresses DNS names and IP addresses that were asked for
 */
record Csr(PublicKey publicKey, List<GeneralName> addresses) {
    private static final int MAX_LENGTH = 8_192;
    private static final int MAX_ADDRESSES = 16;
    private static final int FIELD_BITS = 256;

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException when it is none, its signature is wrong, or its key is not on P-256
     */
    static Csr parse(String pem) {
        if (pem.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "csr: " + pem.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        PKCS10CertificationRequest request = read(pem);
        try {
            PublicKey key = new JcaPEMKeyConverter().getPublicKey(request.getSubjectPublicKeyInfo());
            if (!(key instanceof ECPublicKey ec)
                    || ec.getParams().getCurve().getField().getFieldSize() != FIELD_BITS) {
                throw new IllegalArgumentException(
                        "csr: its key is " + key.getAlgorithm() + " (expected: EC on P-256)");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("csr: its signature does not fit (expected: made with its own key)");
            }
            return new Csr(key, addressesOf(request));
        } catch (OperatorCreationException | PKCSException | IOException e) {
            throw new IllegalArgumentException("csr: its key or signature cannot be read (expected: EC on P-256)", e);
        }
    }

    private static PKCS10CertificationRequest read(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) {
                return request;
            }
        } catch (IOException | RuntimeException e) {
            // BouncyCastle reports broken ASN.1 by many exceptions; all of them mean the same to the caller.
            throw new IllegalArgumentException("csr: unreadable (expected: a PKCS#10 request in PEM)", e);
        }
        throw new IllegalArgumentException("csr: something else (expected: a PKCS#10 request in PEM)");
    }

    private static List<GeneralName> addressesOf(PKCS10CertificationRequest request) {
        List<GeneralName> found = new ArrayList<>();
        for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            if (attribute.getAttrValues().size() == 0) {
                continue;
            }
            GeneralNames names = GeneralNames.fromExtensions(
                    Extensions.getInstance(attribute.getAttrValues().getObjectAt(0)), Extension.subjectAlternativeName);
            if (names == null) {
                continue;
            }
            for (GeneralName name : names.getNames()) {
                if (name.getTagNo() == GeneralName.dNSName || name.getTagNo() == GeneralName.iPAddress) {
                    found.add(name);
                }
            }
        }
        if (found.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "csr: " + found.size() + " addresses (expected: at most " + MAX_ADDRESSES + ")");
        }
        return List.copyOf(found);
    }
}
