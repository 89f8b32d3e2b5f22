using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>Names a storage of Proxmox: by name (<c>local-lvm</c>), or as it is on one node (<c>pve1/local-lvm</c>).</summary>
[JsonConverter(typeof(ReferenceAsText<StorageRef>))]
public sealed partial record StorageRef : IParsable<StorageRef>
{
    /// <param name="text">One of the forms above.</param>
    /// <exception cref="FormatException">The text is neither of them.</exception>
    public StorageRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = Form().Match(text);
        if (!match.Success) throw new FormatException($"'{text}' names no storage: give a name (local), or a name on a node (pve1/local)");
        Name = match.Groups["name"].Value;
        Node = match.Groups["node"] is { Success: true } node ? node.Value : null;
    }

    /// <param name="storage">A storage that was listed. A shared one is the same whichever node is asked.</param>
    public StorageRef(ProxmoxStorage storage)
        : this((storage ?? throw new ArgumentNullException(nameof(storage))).Shared ? storage.Name : $"{storage.Node}/{storage.Name}")
    {
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The node, when given.</summary>
    public string? Node { get; }

    /// <inheritdoc/>
    public static StorageRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out StorageRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Node is null ? Name : $"{Node}/{Name}";

    [GeneratedRegex(@"^((?<node>[A-Za-z0-9][A-Za-z0-9-]{0,62})/)?(?<name>[A-Za-z][A-Za-z0-9_.-]{0,99})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
