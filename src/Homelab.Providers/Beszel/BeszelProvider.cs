namespace Homelab.Providers.Beszel;

/// <summary>Beszel: its notifications and heartbeats come in.</summary>
public sealed class BeszelProvider : Provider
{
    private readonly IReadOnlyList<IAlertSource> _sources = [new BeszelAlertSource()];

    /// <inheritdoc/>
    public override string Name => BeszelAlertSource.Source;

    /// <inheritdoc/>
    public override IEnumerable<IAlertSource> AlertSources => _sources;
}
