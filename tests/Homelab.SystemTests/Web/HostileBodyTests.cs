using System.Globalization;
using System.Text;
using System.Text.Json;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.SystemTests.Web;

/// <summary>Every hostile body, sent over a real connection with the right token.</summary>
public sealed class HostileBodyTests
{
    [Fact]
    public async Task Every_hostile_body_is_refused_with_a_reason_or_kept_and_nothing_is_ever_changed()
    {
        await using var bench = await WebBench.OpenAsync(TestContext.Current.CancellationToken);
        var wrong = new List<string>();
        var (kept, refused) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var hostile in HostileBodies.All.Select(AtItsOwnTime))
        {
            var answer = (await RawHttp.SendAsync(bench.Server.Url, Request(hostile, bench))).AsWeb;
            try
            {
                if (answer.Status == 202) kept.Add(answer.Receipt().Alert);
                else if (CannotBeHttp(hostile)) Assert.Equal(400, answer.Status);
                else if (Refusal(answer)) refused++;
            }
            catch (Exception e) when (e is Xunit.Sdk.IAssertionException or JsonException)
            {
                wrong.Add($"{hostile.Name}: {answer.Status} {answer.Body}: {e.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(HostileBodies.All.Count >= 200 && refused >= 200, $"{refused} of {HostileBodies.All.Count} were refused.");
        Assert.InRange(kept.Count, 20, 100);

        // What was accepted is on disk, and nothing else is.
        var stored = await bench.Runtime.Store.ListAlertsAsync(1_000, TestContext.Current.CancellationToken);
        Assert.Equal(kept, stored.Select(a => a.Id).ToHashSet(StringComparer.Ordinal));
        Assert.All(stored, alert => Assert.True(alert.Service is null or "gitea", alert.Service));
        Assert.Contains(stored, alert => alert.Service is null);
        var metrics = PrometheusPage.Read((await bench.GetAsync("/metrics")).Body);
        Assert.Equal(refused.ToString(CultureInfo.InvariantCulture), metrics["homelab_deliveries_refused_total"]);

        // Gitea was said to be down, and is not: looked at, found well, closed.
        foreach (var incident in stored.Where(a => a.Incident is not null).Select(a => a.Incident!).Distinct())
        {
            Assert.Equal(HealingEventKind.Recovered, await bench.Events.EndOfAsync(incident, TestContext.Current.CancellationToken));
        }

        await bench.StillHealsAsync();
    }

    // One time would make them one event, of which all but the first are repetitions.
    private static HostileBody AtItsOwnTime(HostileBody hostile, int index)
    {
        const string Written = "23:40:34.287";
        var own = TimeSpan.FromSeconds(index).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
        return hostile with
        {
            Body = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(hostile.Body).Replace(Written, own, StringComparison.Ordinal)),
            Query = hostile.Query.Replace(Uri.EscapeDataString(Written), Uri.EscapeDataString(own), StringComparison.Ordinal),
        };
    }

    private static bool Refusal(WebAnswer answer)
    {
        Assert.Equal(400, answer.Status);
        Assert.Equal("AlertUnreadable", answer.Problem());
        return true;
    }

    // A header with a NUL byte, or a query with bytes that are no ASCII: refused before anybody knows which hook is meant.
    private static bool CannotBeHttp(HostileBody hostile) => hostile.ContentType.Contains('\0', StringComparison.Ordinal) || hostile.Query.Any(c => c > 0x7E);

    private static byte[] Request(HostileBody hostile, WebBench bench)
    {
        var target = hostile.Query.Length > 0 ? $"/hook/uptime-alert?{hostile.Query}" : "/hook/uptime-alert";
        var headers = new List<string> { "Host: homelab", $"Authorization: Bearer {bench.Token}", "Connection: close" };
        if (hostile.ContentType.Length > 0) headers.Add($"Content-Type: {hostile.ContentType}");
        if (hostile.Method != "GET") headers.Add($"Content-Length: {hostile.Body.Length}");
        return RawHttp.Request($"{hostile.Method} {target} HTTP/1.1", headers, hostile.Body);
    }
}
