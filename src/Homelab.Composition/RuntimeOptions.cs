using Homelab.Automation.Healing;

namespace Homelab.Composition;

/// <summary>What a running lab is put together from, besides the lab file.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The state file; the lab file's <c>server.database</c> or <c>server.state</c> when not given.</summary>
    public string? StatePath { get; init; }

    /// <summary>Runbooks to use in place of the shipped ones and the lab file's folders.</summary>
    public IReadOnlyList<Runbook>? Runbooks { get; init; }

    /// <summary>Who watches healing.</summary>
    public IReadOnlyList<IHealingObserver> Observers { get; init; } = [];

    /// <summary>How fast healing is; from the lab file when not given.</summary>
    public HealingTempo? Tempo { get; init; }

    /// <summary>Wraps the store: for those who watch every write.</summary>
    public Func<IStateStore, IStateStore> WrapStore { get; init; } = static store => store;

    /// <summary>Opens <c>vault:</c> references; null where this process has no vault.</summary>
    public ISecretVault? Vault { get; init; }

    /// <summary>Receives one line per remote call.</summary>
    public Action<string> Trace { get; init; } = static _ => { };

    /// <summary>How long it is looked at what a caller leaves; the product's half a second when not given.</summary>
    public TimeSpan? PartingLook { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
