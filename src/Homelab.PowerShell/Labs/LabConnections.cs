using Homelab.Composition;
using Homelab.PowerShell.Hosting;

namespace Homelab.PowerShell.Labs;

/// <summary>The labs that are open in this process, each once: runspaces share connections and choose their lab by themselves.</summary>
internal static class LabConnections
{
    // The lab that environment variables describe has no path.
    private const string FromEnvironment = "";

    private static readonly SemaphoreSlim s_gate = new(1, 1);
    private static readonly Dictionary<string, LabConnection> s_open = new(StringComparer.Ordinal);

    /// <summary>The lab that a choice means, opened if it is not. It stays open until <see cref="LabConnection.LeaveAsync"/>.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="folder">The current folder of whoever asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException">It is not there, or cannot be used; see <see cref="LabLocator"/>.</exception>
    internal static async Task<LabConnection> OpenAsync(LabChoice choice, string folder, CancellationToken cancellationToken)
    {
        var locator = new LabLocator(folder, Environment.GetEnvironmentVariable);
        var place = choice.Path is { } chosen ? new LabPlace(chosen, LabOrigin.Named) : locator.Find(null);
        await s_gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!s_open.TryGetValue(place.Path ?? FromEnvironment, out var open))
            {
                s_open[place.Path ?? FromEnvironment] = open = await LabConnection.OpenAsync(locator.Read(place), simulator: null, cancellationToken).ConfigureAwait(false);
            }

            open.Enter();
            return open;
        }
        finally
        {
            s_gate.Release();
        }
    }

    /// <summary>Opens a lab anew, as its file is now. One that was open is closed, and its simulation goes on under the new one.</summary>
    /// <param name="place">The lab as it was read.</param>
    /// <param name="simulator">The process that simulates it, if one does. It ends with the connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<LabConnection> ReopenAsync(LocatedLab place, HostProcess? simulator, CancellationToken cancellationToken)
    {
        await s_gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var key = place.Path ?? FromEnvironment;
            if (s_open.Remove(key, out var before))
            {
                simulator ??= before.TakeSimulator();
                await before.RetireAsync().ConfigureAwait(false);
            }

            return s_open[key] = await LabConnection.OpenAsync(place, simulator, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Nobody could reach it any more.
            if (simulator is not null) await simulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            s_gate.Release();
        }
    }

    /// <summary>The lab that a choice means if it is open already, without any wait; null when it is not.</summary>
    internal static LabConnection? Known(LabChoice choice)
    {
        if (!s_gate.Wait(0)) return null;
        try
        {
            // Where nothing was chosen, and one lab alone is open, that one is meant.
            if (choice.Path is null) return s_open.Count == 1 ? s_open.Values.Single() : null;
            return s_open.GetValueOrDefault(choice.Path);
        }
        finally
        {
            s_gate.Release();
        }
    }

    /// <summary>Closes a lab, if it is open.</summary>
    internal static async Task CloseAsync(LabConnection connection)
    {
        await s_gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (s_open.Remove(connection.Place.Path ?? FromEnvironment, out var open)) await open.RetireAsync().ConfigureAwait(false);
        }
        finally
        {
            s_gate.Release();
        }
    }

    /// <summary>Closes the labs that no session has chosen. One that is used again is opened again.</summary>
    internal static async Task CloseUnchosenAsync()
    {
        await s_gate.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var (key, connection) in s_open.Where(static o => !LabChoice.IsChosen(o.Key)).ToArray())
            {
                s_open.Remove(key);
                await connection.RetireAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            s_gate.Release();
        }
    }

    /// <summary>Closes every lab, whoever works with it: the process ends.</summary>
    internal static async Task CloseAllAsync()
    {
        await s_gate.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var connection in s_open.Values) await connection.DisposeAsync().ConfigureAwait(false);
            s_open.Clear();
        }
        finally
        {
            s_gate.Release();
        }
    }
}
