using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Reads what a monitor has seen, look by look.</summary>
/// <remarks>Uptime Kuma: <c>getMonitorBeats</c> over Socket.IO. 2.x keeps every look for a day only, and sums up what is older.</remarks>
[Operation("kuma_monitor_beats", Level.Monitor, Risk.Read)]
[Description("Reads what a monitor of Uptime Kuma has seen, look by look, oldest first: when, up or down, in what words, how fast.")]
[Example("Get-HlMonitorBeat Gitea", "What a monitor has seen within the last hour.")]
[Example("Get-HlMonitorBeat Gitea -Since 24h | Where-Object IsChange", "When it went down and came back within a day.")]
public sealed class ReadMonitorBeats : Query<ReadMonitorBeats.Input, MonitorBeat>
{
    private const int LongestMessage = 300;

    private readonly KumaLink? _link;

    internal ReadMonitorBeats(KumaLink? link) => _link = link;

    /// <summary>What to read.</summary>
    public sealed record Input
    {
        /// <summary>The monitor.</summary>
        [Subject, NameOf("monitor"), Description("The monitor's name; where several bear it, the number of one, such as #3.")]
        public required string Monitor { get; init; }

        /// <summary>How far back.</summary>
        [Description("From how long ago."), DurationRange("1m", "30d")]
        public TimeSpan Since { get; init; } = TimeSpan.FromHours(1);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Read looks of monitor", MonitorSwitch.TargetOf(input.Monitor));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<MonitorBeat> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var link = KumaErrors.Need(_link);
        var monitor = await link.FindAsync(input.Monitor, cancellationToken).ConfigureAwait(false);
        var answer = await link.AskAsync("getMonitorBeats", $"what monitor '{monitor.Name}' has seen", acts: false, [monitor.Id, input.Since.TotalHours], cancellationToken).ConfigureAwait(false);
        if (!answer.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
        {
            throw new HomelabException(ErrorKind.Failed, "KumaAnswerOdd", $"Uptime Kuma answered without a list when it was asked what monitor '{monitor.Name}' has seen. Look at its log.", monitor.Name);
        }

        foreach (var beat in data.EnumerateArray())
        {
            if (Read(monitor.Name, beat) is { } read) yield return read;
        }
    }

    // A row of its database as it is; a time that cannot be read makes it no look at all.
    private static MonitorBeat? Read(string monitor, JsonElement beat)
    {
        if (beat.ValueKind != JsonValueKind.Object || !beat.TryGetProperty("time", out var time) || time.ValueKind != JsonValueKind.String) return null;
        if (!DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) return null;
        return new MonitorBeat
        {
            Monitor = monitor,
            At = at,
            Status = Number(beat, "status") is { } status && Enum.IsDefined((MonitorStatus)(int)status) ? (MonitorStatus)(int)status : MonitorStatus.Unknown,
            Message = beat.TryGetProperty("msg", out var message) && message.ValueKind == JsonValueKind.String ? ForeignText.Clean(message.GetString()!, LongestMessage) : "",
            ResponseTime = Number(beat, "ping") is { } ping and >= 0 and < 86_400_000 ? TimeSpan.FromMilliseconds(ping) : null,
            IsChange = Number(beat, "important") is > 0 || (beat.TryGetProperty("important", out var important) && important.ValueKind == JsonValueKind.True),
        };
    }

    private static double? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
}
