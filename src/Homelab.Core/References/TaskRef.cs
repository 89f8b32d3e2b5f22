using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>Names a task of Proxmox by its UPID, which says by itself where it runs, since when, what it does and for whom.</summary>
[JsonConverter(typeof(ReferenceAsText<TaskRef>))]
public sealed partial record TaskRef : IParsable<TaskRef>
{
    /// <param name="upid"><c>UPID:node:pid:pstart:starttime:type:id:user:</c>, the three numbers in hexadecimal.</param>
    /// <exception cref="FormatException">The text is no UPID.</exception>
    public TaskRef(string upid)
    {
        ArgumentNullException.ThrowIfNull(upid);
        var match = Form().Match(upid);
        if (!match.Success) throw new FormatException($"'{upid}' is no task: give its UPID, such as UPID:pve1:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:");
        Upid = upid;
        Node = match.Groups["node"].Value;
        Type = match.Groups["type"].Value;
        Subject = Uri.UnescapeDataString(match.Groups["id"].Value);
        User = match.Groups["user"].Value;
        StartedAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(match.Groups["start"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    /// <param name="task">A task that was listed, or left by a change.</param>
    public TaskRef(ProxmoxTask task)
        : this((task ?? throw new ArgumentNullException(nameof(task))).Upid)
    {
    }

    /// <summary>The whole of it.</summary>
    public string Upid { get; }

    /// <summary>The node that runs it.</summary>
    public string Node { get; }

    /// <summary>What it does: <c>qmstart</c>.</summary>
    public string Type { get; }

    /// <summary>What it acts on: mostly a VMID. Empty where it acts on nothing in particular.</summary>
    public string Subject { get; }

    /// <summary>Who began it.</summary>
    public string User { get; }

    /// <summary>When it began, by the node's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <inheritdoc/>
    public static TaskRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out TaskRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Upid;

    [GeneratedRegex("^UPID:(?<node>[A-Za-z0-9][A-Za-z0-9-]{0,62}):[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:(?<start>[0-9A-Fa-f]{8}):(?<type>[^:\\s]{1,64}):(?<id>[^:\\s]{0,256}):(?<user>[^:\\s]{1,256}):\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
