using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Tailscale;

/// <summary>What Tailscale said of itself and the others.</summary>
/// <param name="BackendState">Its state: <c>Running</c>, <c>NeedsLogin</c>, <c>Stopped</c>, …</param>
/// <param name="Tailnet">The tailnet's name; empty when it is not told.</param>
/// <param name="Version">Its version.</param>
/// <param name="Peers">This machine first, then the others by name.</param>
internal sealed record TailnetStatus(string BackendState, string Tailnet, string Version, IReadOnlyList<TailscalePeer> Peers)
{
    internal bool IsRunning => BackendState == "Running";
}

/// <summary>Reads <c>ipnstate.Status</c>.</summary>
internal static class StatusReader
{
    private const int LongestName = 255;
    private const int LongestWord = 100;

    /// <exception cref="HomelabException"><c>TailscaleAnswerUnreadable</c> (Failed).</exception>
    internal static TailnetStatus Read(ReadOnlyMemory<byte> json)
    {
        StatusWire? wire;
        try
        {
            wire = JsonSerializer.Deserialize(json.Span, TailscaleJson.Default.StatusWire);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable(e is JsonException { Path: { } path } ? $"no status, at {ForeignText.Clean(path, LongestWord)}" : "no JSON", e);
        }

        // Without a state nobody can tell whether the rest is of now.
        if (wire?.BackendState is not { Length: > 0 } state) throw Unreadable("no state", inner: null);
        var users = wire.User ?? [];
        var others = (wire.Peer ?? []).Values.OfType<PeerWire>().Select(p => Read(p, users, isSelf: false)).OrderBy(static p => p.Name, StringComparer.OrdinalIgnoreCase);
        var peers = wire.Self is null ? others : others.Prepend(Read(wire.Self, users, isSelf: true));
        return new TailnetStatus(state, Text(wire.CurrentTailnet?.Name, LongestName), Text(wire.Version, LongestWord), [.. peers]);
    }

    private static TailscalePeer Read(PeerWire wire, Dictionary<string, UserWire?> users, bool isSelf)
    {
        var dnsName = Text(wire.DnsName, LongestName).TrimEnd('.');
        var direct = Text(wire.CurAddr, LongestWord);
        return new TailscalePeer
        {
            Name = dnsName.Split('.')[0] is { Length: > 0 } label ? label : Text(wire.HostName, LongestName),
            DnsName = dnsName,
            Addresses = Texts(wire.TailscaleIps),
            Os = Text(wire.Os, LongestWord),
            Online = wire.Online,
            LastSeen = Time(wire.LastSeen),
            IsSelf = isSelf,
            ExitNode = wire.ExitNode,
            ExitNodeOption = wire.ExitNodeOption,
            Tags = Texts(wire.Tags),
            User = users.TryGetValue(wire.UserId.ToString(CultureInfo.InvariantCulture), out var user) ? Text(user?.LoginName, LongestName) : "",
            Active = wire.Active,
            DirectAddress = direct,
            // Of ourselves it is only told which relay is near.
            RelayedVia = direct.Length == 0 && !isSelf ? Text(wire.Relay, LongestWord) : "",
            ReceivedBytes = wire.RxBytes,
            SentBytes = wire.TxBytes,
            KeyExpiry = Time(wire.KeyExpiry),
        };
    }

    private static string Text(string? text, int longest) => text is null ? "" : ForeignText.Clean(text, longest);

    private static string[] Texts(string?[]? texts) => texts is null ? [] : [.. texts.OfType<string>().Select(static t => Text(t, LongestWord))];

    // Go's zero time is the first moment of year 1.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1 ? time : null;

    private static HomelabException Unreadable(string what, Exception? inner) =>
        TailscaleClient.Problem(ErrorKind.Failed, "TailscaleAnswerUnreadable", $"told something that cannot be read: {what}", "Look whether providers.tailscale in the lab file leads to Tailscale.", inner);
}
