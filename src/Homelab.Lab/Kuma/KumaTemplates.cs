namespace Homelab.Lab.Kuma;

/// <summary>A monitor as the two releases write one for a webhook, with the values of a fresh http monitor.</summary>
/// <remarks>2.x as recorded from a 2.5.3; 1.x after <c>toJSON(false)</c> in <c>server/model/monitor.js</c> of 1.23.</remarks>
internal static class KumaTemplates
{
    internal const string MonitorTwo = """
        {
        "id":1,"name":"","description":null,"path":[""],"pathName":"","parent":null,"childrenIDs":[],"url":null,
        "wsIgnoreSecWebsocketAcceptHeader":false,"wsSubprotocol":"","method":"GET","hostname":null,"port":null,"location":null,"protocol":null,
        "maxretries":0,"weight":2000,"active":true,"forceInactive":false,"type":"http","subtype":null,"timeout":5,"interval":2,"retryInterval":2,
        "retryOnlyOnStatusCodeFailure":false,"resendInterval":0,"keyword":null,"invertKeyword":false,"expiryNotification":false,
        "domainExpiryNotification":false,"ignoreTls":false,"upsideDown":false,"packetSize":56,"maxredirects":10,"accepted_statuscodes":["200-299"],
        "dns_resolve_type":"A","dns_resolve_server":"1.1.1.1","dns_last_result":null,"docker_container":"","docker_host":null,"proxyId":null,
        "notificationIDList":{"1":true},"tags":[],"maintenance":false,"mqttTopic":"","mqttSuccessMessage":"","mqttCheckType":"keyword",
        "databaseQuery":null,"authMethod":null,"grpcUrl":null,"grpcProtobuf":null,"grpcMethod":null,"grpcServiceName":null,"grpcEnableTls":false,
        "radiusCalledStationId":null,"radiusCallingStationId":null,"game":null,"gamedigGivenPortOnly":true,"httpBodyEncoding":"json","jsonPath":null,
        "expectedValue":null,"system_service_name":null,"kafkaProducerTopic":null,"kafkaProducerBrokers":[],"kafkaProducerSsl":false,
        "kafkaProducerAllowAutoTopicCreation":false,"kafkaProducerMessage":null,"screenshot":null,"cacheBust":false,"remote_browser":null,
        "screenshot_delay":0,"snmpOid":null,"jsonPathOperator":null,"snmpVersion":"2c","smtpSecurity":null,"rabbitmqNodes":[],"conditions":[],
        "ntpStratumThreshold":5,"ntpTimeOffsetThreshold":1000,"ntpRootDispersionThreshold":500,"ipFamily":null,"expectedTlsAlert":null,
        "ping_numeric":true,"ping_count":1,"ping_per_request_timeout":2,"saveResponse":false,"saveErrorResponse":true,"responseMaxLength":1024,
        "includeSensitiveData":false
        }
        """;

    internal const string MonitorOne = """
        {
        "id":1,"name":"","description":null,"pathName":"","parent":null,"childrenIDs":[],"url":null,"method":"GET","hostname":null,"port":null,
        "maxretries":0,"weight":2000,"active":true,"forceInactive":false,"type":"http","timeout":5,"interval":2,"retryInterval":2,"resendInterval":0,
        "keyword":null,"invertKeyword":false,"expiryNotification":false,"ignoreTls":false,"upsideDown":false,"packetSize":56,"maxredirects":10,
        "accepted_statuscodes":["200-299"],"dns_resolve_type":"A","dns_resolve_server":"1.1.1.1","dns_last_result":null,"docker_container":"",
        "docker_host":null,"proxyId":null,"notificationIDList":{"1":true},"tags":[],"maintenance":false,"mqttTopic":"","mqttSuccessMessage":"",
        "databaseQuery":null,"authMethod":null,"grpcUrl":null,"grpcProtobuf":null,"grpcMethod":null,"grpcServiceName":null,"grpcEnableTls":false,
        "radiusCalledStationId":null,"radiusCallingStationId":null,"game":null,"gamedigGivenPortOnly":true,"httpBodyEncoding":"json","jsonPath":null,
        "expectedValue":null,"kafkaProducerTopic":null,"kafkaProducerBrokers":[],"kafkaProducerSsl":false,
        "kafkaProducerAllowAutoTopicCreation":false,"kafkaProducerMessage":null,"screenshot":null,"includeSensitiveData":false
        }
        """;
}
