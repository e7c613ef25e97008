package io.p2phost.links.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A new P-256 key and the request for its certificate (PKCS#10, RFC 2986). Written by hand, some thirty lines of DER:
 * the JDK has no public encoder, and a whole cryptography library in every service is a high price for one message.
 *
 * @param pem what the registry signs
 */
public record CertificateRequest(PrivateKey key, PublicKey publicKey, String pem) {
    private static final byte[] OID_COMMON_NAME = {0x55, 0x04, 0x03};
    private static final byte[] OID_SUBJECT_ALT_NAME = {0x55, 0x1D, 0x11};
    private static final byte[] OID_EXTENSION_REQUEST = {
        0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x09, 0x0E
    };
    private static final byte[] OID_ECDSA_SHA256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02};

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OID = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final int ATTRIBUTES = 0xA0;

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /**
     * Makes a key and signs a request for it.
     *
     * @param commonName for people; the registry decides the identity by the caller's token
     * @param addresses DNS names and IPv4 addresses under which a server is reached; none for a client
     */
    public static CertificateRequest create(String commonName, List<String> addresses) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] subject = der(
                    SEQUENCE, der(SET, der(SEQUENCE, der(OID, OID_COMMON_NAME), der(UTF8_STRING, utf8(commonName)))));
            byte[] info = der(
                    SEQUENCE,
                    der(INTEGER, new byte[] {0}),
                    subject,
                    pair.getPublic().getEncoded(),
                    attributes(addresses));
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(info);
            byte[] request = der(
                    SEQUENCE,
                    info,
                    der(SEQUENCE, der(OID, OID_ECDSA_SHA256)),
                    der(BIT_STRING, new byte[] {0}, signer.sign()));
            return new CertificateRequest(pair.getPrivate(), pair.getPublic(), pem(request));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    private static byte[] attributes(List<String> addresses) {
        if (addresses.isEmpty()) {
            return der(ATTRIBUTES);
        }
        byte[] names =
                der(SEQUENCE, addresses.stream().map(CertificateRequest::name).toArray(byte[][]::new));
        byte[] extensions = der(SEQUENCE, der(SEQUENCE, der(OID, OID_SUBJECT_ALT_NAME), der(OCTET_STRING, names)));
        return der(ATTRIBUTES, der(SEQUENCE, der(OID, OID_EXTENSION_REQUEST), der(SET, extensions)));
    }

    private static byte[] name(String address) {
        if (!IPV4.matcher(address).matches()) {
            return der(DNS_NAME, address.getBytes(StandardCharsets.US_ASCII));
        }
        String[] parts = address.split("\\.", -1);
        byte[] bytes = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int part = Integer.parseInt(parts[i]);
            if (part > 255) {
                throw new IllegalArgumentException("address: " + address + " (expected: an IPv4 address)");
            }
            bytes[i] = (byte) part;
        }
        return der(IP_ADDRESS, bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] der(int tag, byte[]... contents) {
        int length = Arrays.stream(contents).mapToInt(c -> c.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }
}
