// SeedExample in the SDK's other modes: with certificates, and on behalf of a merchant. What is asked and printed is the same.

import com.alipay.api.domain.AlipayTradeCancelModel;
import com.alipay.api.request.AlipayTradeCancelRequest;
import com.alipay.api.response.AlipayTradeCancelResponse;

public class SeedExampleInModes {
    public static void main(String[] args) throws Exception {
        AlipayTradeCancelRequest request = new AlipayTradeCancelRequest();
        AlipayTradeCancelModel model = new AlipayTradeCancelModel();
        model.setOutTradeNo("sao201881610515614521");
        request.setBizModel(model);
        AlipayTradeCancelResponse response = new SdkClient().execute(request);
        System.out.println(response.getBody());
    }
}
