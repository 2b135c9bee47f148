// Answers from the official Java SDK about text, signatures, certificates and names, many at once: one JVM, one question a line, one answer a line.
//
//   sign PRIVATE_KEY NAME:VALUE,...        -> the text that is signed and its signature
//   verify PUBLIC_KEY TEXT SIGNATURE       -> true | false
//   notified PUBLIC_KEY CHARSET NAME:VALUE,... -> true | false: AlipaySignature.rsaCheckV1, CHARSET plain
//   serial CERTIFICATE                     -> AntCertificationUtil.getCertSN
//   roots BUNDLE                           -> AntCertificationUtil.getRootCertSN
//   node BODY                              -> what the SDK takes as signed in an answer to alipay.trade.query, and its signature
//   fields CLASS                           -> the wire names that a class below com.alipay.api has, joined by commas
//   timestamp EPOCH_MS                     -> the value of the parameter `timestamp`, formed as AbstractAlipayClient does
//
// Texts, keys, certificates, and each name and value are base64 of UTF-8, both ways, so that no character needs a rule of its own.

import com.alipay.api.AlipayConstants;
import com.alipay.api.SignItem;
import com.alipay.api.internal.mapping.ApiField;
import com.alipay.api.internal.mapping.ApiListField;
import com.alipay.api.internal.parser.json.ObjectJsonParser;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.internal.util.AntCertificationUtil;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.response.AlipayTradeQueryResponse;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;

public class SdkQuestions {
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line.split(" ", -1)));
        }
    }

    private static String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "sign":
                String text = AlipaySignature.getSignContent(parameters(words[2]));
                return encode(text) + " " + AlipaySignature.rsaSign(text, decode(words[1]), "utf-8", "RSA2");
            case "verify":
                return String.valueOf(verifies(decode(words[2]), words[3], decode(words[1])));
            case "notified":
                return String.valueOf(notified(decode(words[1]), words[2], parameters(words[3])));
            case "serial":
                return AntCertificationUtil.getCertSN(AntCertificationUtil.getCertFromContent(decode(words[1])));
            case "roots":
                return AntCertificationUtil.getRootCertSN(decode(words[1]));
            case "node":
                SignItem item = new ObjectJsonParser<>(AlipayTradeQueryResponse.class)
                        .getSignItem(new AlipayTradeQueryRequest(), decode(words[1]));
                return encode(item.getSignSourceDate()) + " " + item.getSign();
            case "fields":
                return Arrays.stream(Class.forName("com.alipay.api." + words[1]).getDeclaredFields())
                        .flatMap(SdkQuestions::wireNames)
                        .collect(Collectors.joining(","));
            case "timestamp":
                SimpleDateFormat format = new SimpleDateFormat(AlipayConstants.DATE_TIME_FORMAT);
                format.setTimeZone(TimeZone.getTimeZone(AlipayConstants.DATE_TIMEZONE));
                return format.format(new Date(Long.parseLong(words[1])));
            default:
                throw new IllegalArgumentException("unknown question: " + words[0]);
        }
    }

    private static Stream<String> wireNames(Field field) {
        return Stream.concat(
                Stream.of(field.getAnnotationsByType(ApiField.class)).map(ApiField::value),
                Stream.of(field.getAnnotationsByType(ApiListField.class)).map(ApiListField::value));
    }

    /** The SDK throws on a signature that is not base64 of the key's length, and answers false on one that does not fit. */
    private static boolean verifies(String text, String signature, String publicKey) {
        try {
            return AlipaySignature.verify(text, signature, publicKey, "utf-8", "RSA2");
        } catch (Exception e) {
            return false;
        }
    }

    private static boolean notified(String publicKey, String charset, Map<String, String> form) {
        try {
            return AlipaySignature.rsaCheckV1(form, publicKey, charset, "RSA2");
        } catch (Exception e) {
            return false;
        }
    }

    private static Map<String, String> parameters(String list) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : list.split(",")) {
            int middle = pair.indexOf(':');
            parameters.put(decode(pair.substring(0, middle)), decode(pair.substring(middle + 1)));
        }
        return parameters;
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
