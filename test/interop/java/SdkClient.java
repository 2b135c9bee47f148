// The official SDK's client in each of its modes, from a credentials folder as the simulator writes it.
//
//   -Dgateway=URL -Dcredentials=DIR -Dmode=key|certificate [-DappAuthToken=TOKEN: on behalf of the merchant who gave it]

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.CertAlipayRequest;
import com.alipay.api.DefaultAlipayClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SdkClient {
    private final boolean certificateMode = "certificate".equals(System.getProperty("mode"));
    private final AlipayClient client;

    SdkClient() throws IOException, AlipayApiException {
        client = certificateMode ? certificateClient() : keyClient();
    }

    /** Checks the answer's signature; AlipayApiException when it does not fit. */
    <T extends AlipayResponse> T execute(AlipayRequest<T> request) throws AlipayApiException {
        String appAuthToken = System.getProperty("appAuthToken");
        return certificateMode
                ? client.certificateExecute(request, null, appAuthToken)
                : client.execute(request, null, appAuthToken);
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
