// Calls the gateway through the official Java SDK; SdkClient has the properties that say as whom.
//
// Standard input, one call a line: the SDK's name of the request and its biz_content in base64 ("AlipayTradeQuery eyJ9...").
// Standard output, one answer a line: the SDK's own typed response object as JSON, without the raw body and the parameters sent.
// A call that the SDK refuses, a wrong signature among them, is {"exception": message}.

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

public class SdkCalls {
    public static void main(String[] args) throws Exception {
        SdkClient client = new SdkClient();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            String bizContent = new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8);
            out.println(answer(client, request(words[0], bizContent)).toJSONString());
        }
    }

    private static JSONObject answer(SdkClient client, AlipayRequest<?> request) {
        try {
            AlipayResponse response = client.execute(request);
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
}
