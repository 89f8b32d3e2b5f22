using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.PowerShell.Labs;

/// <summary>The labs that are open in this process, each once: runspaces share connections and choose their lab by themselves.</summary>
internal static class LabConnections
{
    private static readonly SemaphoreSlim s_gate = new(1, 1);
    private static readonly Dictionary<string, LabConnection> s_open = new(StringComparer.Ordinal);

    /// <summary>The lab that a choice means, opened if it is not.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<LabConnection> OpenAsync(LabChoice choice, string folder, CancellationToken cancellationToken)
    {
        var path = choice.Path ?? System.IO.Path.Combine(folder, "homelab.yaml");
        await s_gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (s_open.TryGetValue(path, out var open)) return open;
            var file = new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(path);
            return s_open[path] = await LabConnection.OpenAsync(path, file, cancellationToken).ConfigureAwait(false);
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
            return choice.Path is { } path && s_open.TryGetValue(path, out var open) ? open : null;
        }
        finally
        {
            s_gate.Release();
        }
    }

    /// <summary>Closes every lab. One that is used again is opened again.</summary>
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
