namespace Homelab.Lab.Proxmox;

/// <summary>What a request wants changed in a guest's configuration: lines that are set, go away, or whose pending change is dropped.</summary>
internal sealed class ConfigChange
{
    private readonly ProxmoxCall _call;

    private ConfigChange(ProxmoxCall call, SimulatedGuestKind kind)
    {
        _call = call;
        Kind = kind;
        foreach (var name in call.Values.Keys.Where(name => GuestJson.Option(kind, name) is not null)) Set[name == "cdrom" ? "ide2" : name] = Tidy(name, call);
        Delete = [.. call.List("delete").Select(static d => d == "cdrom" ? "ide2" : d).Distinct(StringComparer.Ordinal)];
        Revert = [.. call.List("revert")];
    }

    /// <summary>The kind of guest.</summary>
    internal SimulatedGuestKind Kind { get; }

    /// <summary>Lines that are set, by alphabet.</summary>
    internal SortedDictionary<string, string> Set { get; } = new(StringComparer.Ordinal);

    /// <summary>Lines that go away.</summary>
    internal IReadOnlyList<string> Delete { get; }

    /// <summary>Lines whose pending change is dropped.</summary>
    internal IReadOnlyList<string> Revert { get; }

    /// <summary>The request as the log of its task has it.</summary>
    internal string Told => string.Join(' ', Set.Select(static s => $"-{s.Key} {s.Value}").Concat(Delete.Count > 0 ? [$"-delete {string.Join(',', Delete)}"] : []));

    /// <summary>Reads a change of a guest that exists, and refuses what is wrong with it by itself.</summary>
    internal static ConfigChange Read(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var change = new ConfigChange(call, kind);
        if (change.Set.Count == 0 && change.Delete.Count == 0 && change.Revert.Count == 0) throw ProxmoxRefusedException.Failed("no options specified");
        foreach (var key in change.Revert)
        {
            if (GuestJson.Option(kind, key) is null) throw ProxmoxRefusedException.Parameter("revert", $"unknown option '{key}'");
            if (change.Set.ContainsKey(key)) throw ProxmoxRefusedException.Parameter("revert", $"you can't use '-{key}' and '-revert {key}' at the same time");
        }

        foreach (var key in change.Delete)
        {
            if (change.Set.ContainsKey(key)) throw ProxmoxRefusedException.Parameter("delete", $"you can't use '-{key}' and -delete {key}' at the same time");
            if (change.Revert.Contains(key, StringComparer.Ordinal)) throw ProxmoxRefusedException.Parameter("revert", $"you can't use '-{key}' and '-revert {key}' at the same time");
            if (GuestJson.Option(kind, key) is null) throw ProxmoxRefusedException.Parameter("delete", $"unknown option '{key}'");
        }

        change.DemandRights(call.Vmid);
        return change;
    }

    /// <summary>Reads the lines of a guest that is to be made.</summary>
    internal static ConfigChange ReadNew(ProxmoxCall call, SimulatedGuestKind kind) => new(call, kind);

    /// <summary>Refuses what the caller may not do: lines, and volumes on storages.</summary>
    internal void DemandRights(int vmid)
    {
        foreach (var key in Delete) ConfigRights.Demand(_call, (vmid, Kind), key, value: null);
        foreach (var (key, value) in Set) ConfigRights.Demand(_call, (vmid, Kind), key, value);
        DemandStorages();
    }

    /// <summary>Refuses volumes on storages that are not there or not the caller's to fill.</summary>
    internal void DemandStorages()
    {
        foreach (var (key, value) in Set.Where(static s => GuestVolumes.IsDrive(s.Key) || GuestVolumes.IsMount(s.Key)))
        {
            if (GuestVolumes.VolumeOf(key, value) is not { } volume || volume.StartsWith('/')) continue;
            var storage = GuestVolumes.StorageOf(_call.Cluster, volume);
            if (GuestVolumes.Asked(volume) is not null) _call.Demand("/storage/" + storage.Name, "Datastore.AllocateSpace");
        }
    }

    private static string Tidy(string name, ProxmoxCall call) => name switch
    {
        // However a list of tags came, the file has it with semicolons.
        "tags" => string.Join(';', call.List(name)),
        _ => call.Text(name)!,
    };
}
