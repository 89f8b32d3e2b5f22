namespace Homelab.Lab.Hosts;

public sealed partial class SimulatedHost
{
    /// <summary>Begins to start anew. What runs in containers goes down with it, and comes back with it where its restart policy says so.</summary>
    internal void Reboot() => _booting = RebootAsync();

    private async Task RebootAsync()
    {
        // Whoever wished it is answered first.
        await Task.Yield();
        WriteJournal("systemd", "", "System is rebooting.", priority: 5);
        var running = Engine?.Containers.Where(static c => c.Running).ToArray() ?? [];
        await _sshd.GoDownAsync();
        if (Engine is not null) await Engine.GoDownAsync(forgetEvents: true);
        foreach (var container in running) container.Stop();
        foreach (var unit in Units) unit.Stop(_time.GetUtcNow());
        await Task.Delay(Spec.BootTakes, _time);
        BootId = Guid.NewGuid().ToString();
        BootedAt = _time.GetUtcNow();
        RebootPackages.Clear();
        foreach (var unit in Units) StartUnit(unit);
        if (Engine is not null) await Engine.ComeUpAsync(CancellationToken.None);
        foreach (var container in running.Where(static c => c.Limits.RestartPolicy is "always" or "unless-stopped")) container.Start();
        _sshd.ComeUp();
    }
}
