using System.Security.Cryptography.X509Certificates;
using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>The simulated Proxmox VE answers as a real one was recorded to answer.</summary>
public sealed class RecordedExchangeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Recordings => VendorFiles.Recordings.Count > 0 ? [.. VendorFiles.Recordings] : [""];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Every_recorded_request_is_answered_as_it_was_recorded(string recording)
    {
        Assert.SkipWhen(recording.Length == 0, VendorFiles.Absent);
        var exchanges = VendorFiles.Read(recording);
        var world = RecordedWorld.Of(recording);
        await using var cluster = await world.StartAsync(Cancel);
        using var http = Client(cluster);
        var replay = new RecordedReplay(http, cluster.Nodes[0].Url, new RecordedNames());
        var excused = LegitimateDifferences.Parts.Where(p => p.Recording == recording).ToDictionary(static p => p, static _ => 0);
        var found = new List<string>();
        var replayed = 0;

        for (var i = 0; i < exchanges.Count; i++)
        {
            var exchange = exchanges[i];
            world.Before(cluster, exchange);
            if (LegitimateDifferences.NotReplayed.Any(n => n.Recording == recording && LegitimateDifferences.Matches(n.Request, $"{exchange.Method} {exchange.Target} {exchange.Body}".TrimEnd()))) continue;
            replayed++;
            foreach (var discrepancy in await replay.SendAsync(exchange, exchanges.Skip(i + 1).ToList(), Cancel))
            {
                var excuses = excused.Keys.Where(p => LegitimateDifferences.Matches(p.Request, $"{exchange.Method} {exchange.Target}") && LegitimateDifferences.Matches(p.At, discrepancy.At)).ToList();
                foreach (var excuse in excuses) excused[excuse]++;
                if (excuses.Count == 0) found.Add($"{exchange.Place}: {discrepancy}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{recording}: {replayed} of {exchanges.Count} exchanges replayed.");
        Assert.True(found.Count == 0, $"{found.Count} differences in {replayed} exchanges:\n{string.Join('\n', found)}");
        Assert.Empty(excused.Where(static e => e.Value == 0).Select(static e => $"Nothing differs any more at {e.Key.Request} {e.Key.At}."));
    }

    private static HttpClient Client(SimulatedProxmox cluster)
    {
        var authority = X509Certificate2.CreateFromPem(cluster.AuthorityPem);
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        return new HttpClient(handler) { DefaultRequestVersion = new Version(1, 1) };
    }
}
