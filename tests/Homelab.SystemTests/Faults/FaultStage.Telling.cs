using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Homelab.Tests;

namespace Homelab.SystemTests.Faults;

/// <content>How the sources tell, each by its real way in.</content>
internal sealed partial class FaultStage
{
    private readonly List<int> _refusals = [];

    /// <summary>What is told of: the service first, then what is down with it.</summary>
    internal IReadOnlyList<Told> Telling { get; private set; }

    /// <summary>The statuses by which the door refused.</summary>
    internal IReadOnlyList<int> Refusals => _refusals;

    /// <summary>The same as another status, so much later.</summary>
    internal Told Later(AlertStatus status, TimeSpan by) => Telling[0] with { Status = status, At = Telling[0].At + by, Began = Telling[0].At, Number = Telling[0].Number + (int)by.TotalSeconds };

    /// <summary>Lets the row's source tell what its scenario is about, and be heard.</summary>
    internal async Task TellAsync()
    {
        if (await TryTellAsync() is not 202 and var status) throw new InvalidOperationException($"The door answered {status}.");
    }

    /// <summary>The same, now or again, and whatever the door answers: the worst of its answers.</summary>
    internal async Task<int> TryTellAsync() => await SayAsync(Row.Origin, Telling);

    /// <summary>Tells again and again, as every sender does that was refused, until the door takes it.</summary>
    internal Task TellUntilTakenAsync() => Eventually.HoldsAsync("the door takes the alert", async () => await TryTellAsync() == 202, Cancellation);

    internal async Task<int> SayAsync(AlertOrigin origin, params IReadOnlyList<Told> told)
    {
        switch (origin)
        {
            case AlertOrigin.Kuma:
                return await AllAsync(told.Select(t => ("uptime-alert", SourceBodies.Kuma(t))));
            case AlertOrigin.Alertmanager:
                return await PostAsync("alertmanager", SourceBodies.Alertmanager(told));
            case AlertOrigin.Netdata:
                return await AllAsync(told.Select(t => ("netdata", SourceBodies.Netdata(t))));
            case AlertOrigin.Beszel:
                return await AllAsync(told.Select(t => ("beszel", SourceBodies.Beszel(t))));
            case AlertOrigin.Json:
                return await PostAsync("events", SourceBodies.Json(told));
            case AlertOrigin.Prometheus:
                PrometheusSays = SourceBodies.Prometheus([.. told.Where(static t => t.Status != AlertStatus.Up)]);
                return 202;
            default:
                // What happens tells of itself.
                return 202;
        }
    }

    /// <summary>One delivery. The status of the answer; 0 when none came.</summary>
    internal async Task<int> PostAsync(string hook, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Door, $"/hooks/{hook}")) { Content = Content?.Invoke(body) ?? new StringContent(Spoil?.Invoke(body) ?? body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token ?? Homelab.Tokens.Hook);
        try
        {
            using var answer = await _http.SendAsync(request, Cancellation);
            var status = (int)answer.StatusCode;
            lock (_refusals)
            {
                if (status != 202) _refusals.Add(status);
            }

            return status;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private async Task<int> AllAsync(IEnumerable<(string Hook, string Body)> deliveries)
    {
        var worst = 202;
        foreach (var (hook, body) in deliveries)
        {
            if (await PostAsync(hook, body) is not 202 and var status) worst = status;
        }

        return worst;
    }
}
