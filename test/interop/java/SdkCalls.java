// Calls the gateway through the official Java SDK, in key mode or in certificate mode, for a merchant itself or on its behalf.
//
//   java -Dgateway=URL -Dcredentials=DIR -Dmode=key|certificate [-DappAuthToken=TOKEN] -cp ... SdkCalls
//
// Standard input, one call a line: the SDK's name of the request and its biz_content in base64 ("AlipayTradeQuery eyJ9...").
// Standard output, one answer a line: the SDK's own typed response object as JSON, without the raw body and the parameters sent.
// A call that the SDK refuses, a wrong signature among them, is {"exception": message}.

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.CertAlipayRequest;
import com.alipay.api.DefaultAlipayClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

public class SdkCalls {
    private static final boolean CERTIFICATE_MODE = "certificate".equals(System.getProperty("mode"));

    public static void main(String[] args) throws Exception {
        AlipayClient client = CERTIFICATE_MODE ? certificateClient() : keyClient();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            String bizContent = new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8);
            out.println(answer(client, request(words[0], bizContent)).toJSONString());
        }
    }

    private static JSONObject answer(AlipayClient client, AlipayRequest<?> request) {
        try {
            String token = System.getProperty("appAuthToken");
            AlipayResponse response = CERTIFICATE_MODE
                    ? client.certificateExecute(request, null, token)
                    : client.execute(request, null, token);
            JSONObject fields = (JSONObject) JSON.toJSON(response);
            fields.remove("body");
            fields.remove("params");
            return fields;
        } catch (AlipayApiException e) {
            return new JSONObject().fluentPut("exception", e.getMessage());
        }
    }

    private static AlipayRequest<?> request(String name, String bizContent) throws ReflectiveOperationException {
        Class<?> type = Class.forName("com.alipay.api.request." + name + "Request");
        Object request = type.getConstructor().newInstance();
        type.getMethod("setBizContent", String.class).invoke(request, bizContent);
        return (AlipayRequest<?>) request;
    }

    private static AlipayClient keyClient() throws IOException {
        return new DefaultAlipayClient(System.getProperty("gateway"), credential("app-id.txt"), credential("app-private-key.txt"),
                "json", "utf-8", credential("alipay-public-key.txt"), "RSA2");
    }

    private static AlipayClient certificateClient() throws IOException, AlipayApiException {
        CertAlipayRequest certificates = new CertAlipayRequest();
        certificates.setServerUrl(System.getProperty("gateway"));
        certificates.setAppId(credential("app-id.txt"));
        certificates.setPrivateKey(credential("app-private-key.txt"));
        certificates.setFormat("json");
        certificates.setCharset("utf-8");
        certificates.setSignType("RSA2");
        certificates.setCertContent(credential("app-cert.crt"));
        certificates.setAlipayPublicCertContent(credential("alipay-cert.crt"));
        certificates.setRootCertContent(credential("alipay-root-cert.crt"));
        return new DefaultAlipayClient(certificates);
    }

    private static String credential(String file) throws IOException {
        return Files.readString(Path.of(System.getProperty("credentials"), file)).trim();
    }
}
