using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Proxmox;

/// <summary>What a guest's configuration should be, by Proxmox' keys; null where a key is to be taken away.</summary>
internal sealed partial class VmWish
{
    private const long MiB = 1L << 20;
    private const long LeastMemory = 16 * MiB;

    // What holds where nothing is written.
    private static readonly Dictionary<string, string> s_usual = new(StringComparer.Ordinal) { ["onboot"] = "0", ["protection"] = "0", ["cpulimit"] = "0", ["sockets"] = "1" };

    private readonly Dictionary<string, string?> _wanted = new(StringComparer.Ordinal);

    private VmWish()
    {
    }

    /// <summary>What is wanted of this guest, as it is set now.</summary>
    /// <exception cref="InputException"><c>InputInvalid</c> (Invalid): a value that cannot be, or none at all.</exception>
    internal static VmWish Of(SetVm.Input input, Vm vm, VmSettings settings)
    {
        var problems = new List<InputProblem>();
        var wish = new VmWish();
        wish.Set("memory", Mebibytes("memory", input.Memory, LeastMemory, problems));
        wish.Set("cores", input.Core?.ToString(CultureInfo.InvariantCulture));
        wish.Set("cpulimit", input.CpuLimit?.ToString("R", CultureInfo.InvariantCulture));
        wish.Set(NameKey(vm.Kind), input.Name);
        if (input.Description is { } description) wish._wanted["description"] = description.Length == 0 ? null : description;
        wish.Set("onboot", Flag(input.OnBoot));
        wish.Set("protection", Flag(input.Protection));
        wish.Set("sockets", OnlyOf(VmKind.Qemu, vm, "socket", input.Socket?.ToString(CultureInfo.InvariantCulture), problems));
        wish.Set("balloon", OnlyOf(VmKind.Qemu, vm, "balloon", Mebibytes("balloon", input.Balloon, least: 0, problems), problems));
        wish.Set("swap", OnlyOf(VmKind.Lxc, vm, "swap", Mebibytes("swap", input.Swap, least: 0, problems), problems));
        if (input.Tag is not null || input.AddTag is not null || input.RemoveTag is not null)
        {
            var tags = Tags(input, settings, problems);
            wish._wanted["tags"] = tags.Length == 0 ? null : string.Join(';', tags);
        }

        if (problems.Count == 0 && wish._wanted.Count == 0) problems.Add(new InputProblem("(input)", Value: null, "says nothing that should be changed", "Give one of memory, core, name, description, tag, onBoot, protection."));
        return problems.Count == 0 ? wish : throw new InputException(problems);
    }

    /// <summary>What a call asks for, in a few words.</summary>
    internal static string Describe(SetVm.Input input)
    {
        var words = new List<string>();
        Say("memory", input.Memory is { } memory ? ByteSize.Format(memory) : null);
        Say("cores", input.Core?.ToString(CultureInfo.InvariantCulture));
        Say("sockets", input.Socket?.ToString(CultureInfo.InvariantCulture));
        Say("cpu limit", input.CpuLimit?.ToString("R", CultureInfo.InvariantCulture));
        Say("balloon", input.Balloon is { } balloon ? ByteSize.Format(balloon) : null);
        Say("swap", input.Swap is { } swap ? ByteSize.Format(swap) : null);
        Say("name", input.Name);
        if (input.Description is not null) words.Add("description");
        Say("tags", input.Tag is { } tags ? string.Join(' ', tags) : null);
        Say("add tags", input.AddTag is { } more ? string.Join(' ', more) : null);
        Say("remove tags", input.RemoveTag is { } less ? string.Join(' ', less) : null);
        Say("start at boot", input.OnBoot is { } boot ? boot ? "on" : "off" : null);
        Say("protection", input.Protection is { } protection ? protection ? "on" : "off" : null);
        return words.Count == 0 ? "nothing" : string.Join(", ", words);

        void Say(string what, string? value)
        {
            if (value is not null) words.Add($"{what} {ForeignText.Clean(value, 100)}".TrimEnd());
        }
    }

    /// <summary>The key of a guest's name.</summary>
    internal static string NameKey(VmKind kind) => kind == VmKind.Qemu ? "name" : "hostname";

    /// <summary>True when everything is set as it should be, whether it holds already or waits for the next start.</summary>
    internal bool IsGranted(VmSettings settings) => _wanted.All(w => IsSame(w.Key, w.Value, settings.Last(w.Key)));

    /// <summary>What differs, as Proxmox takes it, and only where nobody has changed anything since.</summary>
    internal ProxmoxForm ToForm(VmSettings settings)
    {
        var form = new ProxmoxForm();
        var gone = new List<string>();
        foreach (var (key, value) in _wanted.Where(w => !IsSame(w.Key, w.Value, settings.Last(w.Key))))
        {
            if (value is null) gone.Add(key);
            else form.Add(key, value);
        }

        if (gone.Count > 0) form.Add("delete", string.Join(',', gone));
        form.Add("digest", settings.Digest.Length == 0 ? null : settings.Digest);
        return form;
    }

    /// <summary>Proxmox said yes, and it is not so.</summary>
    internal HomelabException NotGranted(Vm vm, VmSettings after)
    {
        var keys = _wanted.Where(w => !IsSame(w.Key, w.Value, after.Last(w.Key))).Select(w => $"{w.Key} is {ForeignText.Clean(after.Last(w.Key) ?? "not set", 60)} and not {ForeignText.Clean(w.Value ?? "gone", 60)}");
        return new HomelabException(ErrorKind.Failed, "VmConfigNotAsWanted", $"Proxmox took the change of guest {vm}, but {string.Join(", ", keys)}. Look at it with Get-HlVmConfig {vm.Id}: somebody else may have changed it.", vm.ToString());
    }

    private void Set(string key, string? value)
    {
        if (value is not null) _wanted[key] = value;
    }

    private static bool IsSame(string key, string? wanted, string? set)
    {
        set ??= s_usual.GetValueOrDefault(key);
        if (wanted is null || set is null) return wanted is null && set is null;
        return key switch
        {
            // Proxmox adds the end of the last line.
            "description" => string.Equals(wanted.TrimEnd(), set.TrimEnd(), StringComparison.Ordinal),
            // It sorts them, and writes them small unless the data centre says otherwise.
            "tags" => VmReader.TagsOf(wanted).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(VmReader.TagsOf(set)),
            "memory" => string.Equals(wanted, new PropertyText(set) is var memory ? memory.First ?? memory.Take("current") : null, StringComparison.Ordinal),
            _ => string.Equals(wanted, set, StringComparison.Ordinal),
        };
    }

    private static string[] Tags(SetVm.Input input, VmSettings settings, List<InputProblem> problems)
    {
        if (input.Tag is { } all && (input.AddTag is not null || input.RemoveTag is not null))
        {
            problems.Add(new InputProblem("tag", string.Join(' ', all), "says which tags it has in the end, and leaves nothing to add or to take away", "Give tag alone, or addTag and removeTag."));
        }

        foreach (var tag in (input.Tag ?? []).Concat(input.AddTag ?? []).Where(static t => !TagForm().IsMatch(t)))
        {
            problems.Add(new InputProblem(input.Tag is null ? "addTag" : "tag", ForeignText.Clean(tag, 60), "cannot be a tag", "Use letters, digits, underscores, and further on hyphens, plus signs and dots."));
        }

        return
        [
            .. (input.Tag ?? VmReader.TagsOf(settings.Last("tags"))).Concat(input.AddTag ?? [])
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Except(input.RemoveTag ?? [], StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static string? OnlyOf(VmKind kind, Vm vm, string field, string? value, List<InputProblem> problems)
    {
        if (value is null || vm.Kind == kind) return value;
        problems.Add(new InputProblem(field, value, $"is for {(kind == VmKind.Qemu ? "virtual machines" : "containers")} only, which {vm} is not", "Leave it out."));
        return null;
    }

    private static string? Mebibytes(string field, long? bytes, long least, List<InputProblem> problems)
    {
        if (bytes is not { } given) return null;
        if (given < least || given % MiB != 0) problems.Add(new InputProblem(field, given.ToString(CultureInfo.InvariantCulture), $"is not a number of whole MiB from {ByteSize.Format(least)} on", "Give a size such as 512MiB or 4GiB."));
        return (given / MiB).ToString(CultureInfo.InvariantCulture);
    }

    private static string? Flag(bool? value) => value switch { null => null, true => "1", false => "0" };

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_+.-]{0,123}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TagForm();
}
