namespace Homelab.Providers.Network;

/// <summary>Makes the looks that a service's <c>check:</c> asks for.</summary>
internal sealed class ServiceProbes(HttpProbe http, TcpProbe tcp, DnsProbe dns, TlsProbe tls, ProviderContext context)
{
    private const int TlsPort = 443;

    /// <summary>True when the check asks for anything.</summary>
    internal static bool IsDefined(CheckDefinition? check) => check is { } c && (c.Http is not null || c.Tcp is not null || c.Dns is not null || c.Tls is not null);

    /// <summary>The looks that a check asks for. None fails: what cannot be asked is a result too. Only cancellation goes through.</summary>
    internal IEnumerable<Func<CancellationToken, Task<ProbeResult>>> Of(string service, CheckDefinition check)
    {
        if (check.Http is { } address)
        {
            yield return token => ResultAsync(service, "http", address.OriginalString, http.AskAsync(address, check.Expect, check.Contains, Trust, check.Timeout, token));
        }

        if (check.Tcp is { } port)
        {
            yield return token => ResultAsync(service, "tcp", port, TakeAsync(() => tcp.AskAsync(HostPort.Parse(port, null), check.Timeout, banner: false, token)));
        }

        if (check.Dns is { } question)
        {
            var asked = $"{question.Name} {question.Type} @{question.Server}";
            yield return token => ResultAsync(service, "dns", asked, TakeAsync(async () =>
            {
                var reading = await dns.AskAsync(DnsProbe.ServerOf(question.Server), DnsQuery.Of(question.Name, question.Type), question.Answer, check.Timeout, token).ConfigureAwait(false);
                return new Look(reading.Status, reading.Detail) { Latency = reading.Latency };
            }));
        }

        if (check.Tls is { } server)
        {
            yield return token => ResultAsync(service, "tls", server, TakeAsync(() => tls.AskAsync(HostPort.Parse(server, TlsPort), Trust, check.Timeout, token)));
        }

        Task<TlsTrust> Trust(CancellationToken token) => TlsTrust.LoadAsync(check.Trust, context.BasePath, context.Secrets, token);
    }

    // One service's wrong address must not take the answer about the others away.
    private static async Task<Look> TakeAsync(Func<Task<Look>> look)
    {
        try
        {
            return await look().ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            return Look.Unknown(ForeignText.Clean(e.Message, 300));
        }
    }

    private async Task<ProbeResult> ResultAsync(string service, string kind, string address, Task<Look> taking)
    {
        var look = await taking.ConfigureAwait(false);
        context.Trace($"{kind} {address} → {look.Status}: {look.Detail}");
        return look.Of(service, kind, address);
    }
}
