using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>
/// Names a guest of Proxmox: by name (<c>dev</c>), by VMID (<c>100</c>), either on one node (<c>pve1/dev</c>, <c>pve1/100</c>, <c>dev@pve1</c>), or in full
/// (<c>pve1/100 (dev)</c>), as it is shown once it has been found. Digits alone are always a VMID.
/// </summary>
[JsonConverter(typeof(ReferenceAsText<VmRef>))]
public sealed partial record VmRef : IParsable<VmRef>
{
    /// <param name="text">One of the forms above.</param>
    /// <exception cref="FormatException">The text is none of them; the message says why.</exception>
    public VmRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = Form().Match(text);
        if (!match.Success) throw new FormatException($"'{text}' names no guest: give a name (dev), a VMID (100), or either on a node (pve1/dev, pve1/100)");
        Node = Text("node") ?? Text("at");
        if (match.Groups["node"].Success && match.Groups["at"].Success) throw new FormatException($"'{text}' gives the node twice");
        Name = Text("full") ?? Text("name");
        if (!match.Groups["id"].Success) return;
        if (!int.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id is < SmallestId or > LargestId)
        {
            throw new FormatException($"'{match.Groups["id"].Value}' is no VMID: those are from {SmallestId} to {LargestId}");
        }

        Id = id;

        string? Text(string group) => match.Groups[group] is { Success: true } found ? found.Value : null;
    }

    /// <param name="vm">A guest that was listed.</param>
    public VmRef(Vm vm)
    {
        ArgumentNullException.ThrowIfNull(vm);
        Node = vm.Node;
        Id = vm.Id;
        // A guest's name is foreign text, and this is written where it is read back.
        Name = NameAlone().IsMatch(vm.Name) ? vm.Name : null;
    }

    // Proxmox' own limits of a VMID.
    private const int SmallestId = 100;
    private const int LargestId = 999_999_999;

    /// <summary>The VMID, when given.</summary>
    public int? Id { get; }

    /// <summary>The name, when given.</summary>
    public string? Name { get; }

    /// <summary>The node, when given.</summary>
    public string? Node { get; }

    /// <summary>What to call it in a sentence: the name, else the VMID.</summary>
    public string Label => Name ?? Id!.Value.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public static VmRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out VmRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString()
    {
        var node = Node is null ? "" : Node + "/";
        return Id is { } id && Name is not null ? string.Create(CultureInfo.InvariantCulture, $"{node}{id} ({Name})") : node + Label;
    }

    // Names are those of DNS, as Proxmox demands; underscores are let pass because old guests have them.
    [GeneratedRegex(@"^((?<node>[A-Za-z0-9][A-Za-z0-9-]{0,62})/)?((?<id>[0-9]+)( \((?<full>[A-Za-z0-9][A-Za-z0-9_.-]{0,252})\))?|(?<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,252}))(@(?<at>[A-Za-z0-9][A-Za-z0-9-]{0,62}))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?![0-9]+\z)[A-Za-z0-9][A-Za-z0-9_.-]{0,252}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameAlone();
}
