// The Java example of "alipay.trade.cancel(统一收单交易撤销接口)集成流程" (Alipay, Aliyun developer community), section 三.2.
// `main` is its text to the letter; only AlipayConfig is ours, because the document leaves it to the reader.
//
//   java -Dgateway=URL -Dcredentials=DIR -cp 'JARS/*' SeedExample.java
//
// The official SDK checks the answer's signature by itself and throws AlipayApiException if it does not fit.

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.domain.AlipayTradeCancelModel;
import com.alipay.api.request.AlipayTradeCancelRequest;
import com.alipay.api.response.AlipayTradeCancelResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

public class SeedExample {

public static void main(String[] args) throws AlipayApiException {
		AlipayClient alipayClient = new DefaultAlipayClient(AlipayConfig.gatewayUrl, AlipayConfig.app_id, AlipayConfig.merchant_private_key, AlipayConfig.format, AlipayConfig.charset, AlipayConfig.alipay_public_key, AlipayConfig.sign_type);
		AlipayTradeCancelRequest request = new AlipayTradeCancelRequest();
		AlipayTradeCancelModel model = new AlipayTradeCancelModel();
		//订单号和支付宝交易号二选一传入即可
		model.setOutTradeNo("sao201881610515614521");
		//model.setTradeNo("2019032622001494891000009752");
		request.setBizModel(model);
		AlipayTradeCancelResponse response = alipayClient.execute(request);
		System.out.println(response.getBody());
	}
}

class AlipayConfig {
    static final String gatewayUrl = System.getProperty("gateway");
    static final String app_id = credential("app-id.txt");
    static final String merchant_private_key = credential("app-private-key.txt");
    static final String format = "json";
    static final String charset = "utf-8";
    static final String alipay_public_key = credential("alipay-public-key.txt");
    static final String sign_type = "RSA2";

    private static String credential(String file) {
        try {
            return Files.readString(Path.of(System.getProperty("credentials"), file)).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
