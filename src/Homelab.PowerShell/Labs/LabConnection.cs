using Homelab.Composition;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Hosting;

namespace Homelab.PowerShell.Labs;

/// <summary>
/// A lab that is open in this process: its runtime, and the names that were seen in it. Sessions share it, so that closing it in one must not cut off
/// what a cmdlet of another is doing: it ends with the last cmdlet that works with it.
/// </summary>
internal sealed class LabConnection : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private int _users;
    private bool _retired;
    private bool _closed;

    private LabConnection(LocatedLab place, HomelabRuntime runtime, HostProcess? simulator)
    {
        Place = place;
        Runtime = runtime;
        Simulator = simulator;
        Names = new NameCache(runtime.File.Lab, runtime.Catalog, runtime.Runbooks);
    }

    /// <summary>Where it was found.</summary>
    internal LocatedLab Place { get; }

    /// <summary>The lab, put together.</summary>
    internal HomelabRuntime Runtime { get; }

    /// <summary>The process that simulates it; null when it is real.</summary>
    internal HostProcess? Simulator { get; private set; }

    /// <summary>Names for completion.</summary>
    internal NameCache Names { get; }

    internal static async Task<LabConnection> OpenAsync(LocatedLab place, HostProcess? simulator, CancellationToken cancellationToken)
    {
        var options = new RuntimeOptions { Trace = CallScope.Trace, Vault = new SecretManagementVault(), StatePath = place.Path is null && Environment.GetEnvironmentVariable("HOMELAB_STATE") is null ? OwnState() : null };
        return new LabConnection(place, await HomelabRuntime.OpenAsync(place.File, options, cancellationToken).ConfigureAwait(false), simulator);
    }

    // A lab without a file has no folder of its own, and the folder that somebody happens to be in is not ours to write to.
    private static string OwnState()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "homelab");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, "homelab.db");
    }

    /// <summary>A cmdlet begins to work with it.</summary>
    internal void Enter()
    {
        lock (_lock) _users++;
    }

    /// <summary>A cmdlet has ended.</summary>
    internal ValueTask LeaveAsync()
    {
        lock (_lock)
        {
            if (--_users > 0 || !_retired) return ValueTask.CompletedTask;
        }

        return DisposeAsync();
    }

    /// <summary>Closes it as soon as no cmdlet works with it: at once where none does.</summary>
    internal ValueTask RetireAsync()
    {
        lock (_lock)
        {
            _retired = true;
            if (_users > 0) return ValueTask.CompletedTask;
        }

        return DisposeAsync();
    }

    /// <summary>Hands over the process that simulates it; it does not end with this connection any more.</summary>
    internal HostProcess? TakeSimulator()
    {
        var simulator = Simulator;
        Simulator = null;
        return simulator;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
        }

        await Runtime.DisposeAsync().ConfigureAwait(false);
        // Last: the runtime may still be talking to it.
        if (Simulator is not null) await Simulator.DisposeAsync().ConfigureAwait(false);
    }
}
